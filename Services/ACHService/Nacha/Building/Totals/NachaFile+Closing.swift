extension NachaFile {
    /// The file with its batches numbered from 1 and closed, and its control computed.
    ///
    /// A missing header stays missing. Line ends and byte-order mark stay as they are; odd lines and
    /// the number of filler records, which belonged to the lines as they were, do not: the last
    /// block is completed.
    ///
    /// Refuses a file without batches, ADV beside other classes, whatever `NachaBatch.closed` does,
    /// and what does not fit the control's fields (design 3.8).
    package func closed() throws(BuildingFault) -> NachaFile {
        guard !batches.isEmpty else { throw .fileHasNoBatches }
        guard batches.allSatisfy({ ($0.entryClass == .adv) == isAdvice }) else {
            throw .fileMixesAdvices
        }
        var file = self
        var totals = EntryTotals()
        for index in batches.indices {
            let closed = try batches[index].closedWithTotals(number: index + 1)
            try totals.add(closed.totals)
            file.batches[index] = closed.batch
        }
        file.control = nil
        file.control = try Record(
            fileControlOf: totals,
            batchCount: UInt64(batches.count),
            recordCount: UInt64(file.recordCount) + 1,
            isAdvice: isAdvice
        )
        file.form.oddLines = []
        file.form.fillerCount = nil
        return file
    }
}

extension Record {
    /// The control of a file; the number of records includes it and leaves filler out.
    init(
        fileControlOf totals: EntryTotals,
        batchCount: UInt64,
        recordCount: UInt64,
        isAdvice: Bool
    ) throws(BuildingFault) {
        try totals.checkFile(isAdvice: isAdvice)
        guard batchCount <= FileLimits.batchesInFile else { throw .fileHasTooManyBatches }
        guard recordCount <= FileLimits.recordsInFile else { throw .fileHasTooManyRecords }
        self.init()
        self[1] = Character.nine
        write(batchCount, 2, 7)
        write((recordCount + 9) / 10, 8, 13)
        write(totals, .file(isAdvice: isAdvice))
    }
}
