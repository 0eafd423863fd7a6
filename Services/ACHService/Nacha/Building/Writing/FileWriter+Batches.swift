extension FileWriter {
    /// Begins a batch with a header, whose number is overwritten.
    ///
    /// Refuses an ODFI that is not digits, ADV beside other classes, and the 1,000,000th batch.
    package mutating func openBatch(_ header: Record) throws(BuildingFault) {
        precondition(state == .betweenBatches, "Close the batch before the next is opened.")
        var header = header
        let entryClass = header.withView { StandardEntryClass($0) } ?? .ppd
        guard header.withView({ $0.isDigits(80, 87) }) else {
            throw .notDigits(
                field: "originating_dfi_identification",
                value: header.text(80, 87)
            )
        }
        guard batchCount == 0 || isAdvice == (entryClass == .adv) else { throw .fileMixesAdvices }
        guard batchCount < FileLimits.batchesInFile else { throw .fileHasTooManyBatches }
        // Header and control of the batch, and the control of the file.
        guard recordCount + 3 < FileLimits.recordsInFile else { throw .fileHasTooManyRecords }
        try header.writeBatchNumber(Int(batchCount) + 1)
        batchCount += 1
        recordCount += 1
        isAdvice = entryClass == .adv
        buffer.append(header, lineEnd: lineEnd)
        batch = OpenBatch(
            header: header,
            entryClass: entryClass,
            entryKind: header.withView { RecordKind(batchHeader: $0) } == .batchHeader
                ? RecordKind(entriesOf: entryClass) : .internationalEntry,
            odfi: UInt32(header.number(80, 87)),
            totals: EntryTotals(),
            recordsLeft: min(
                FileLimits.recordsInBatch,
                FileLimits.recordsInFile - recordCount - 2
            ),
            debitLimit: limit - totals.debitMinorUnits,
            creditLimit: limit - totals.creditMinorUnits
        )
        templates.setODFI(batch.odfi)
        state = .inBatch
    }

    /// The largest total of a side.
    private var limit: UInt64 { isAdvice ? .max : FileLimits.totalMinorUnits }

    /// Ends the batch with its control, and tells what it holds.
    ///
    /// Refuses a batch without entries, which stays open.
    @discardableResult
    package mutating func closeBatch() throws(BuildingFault) -> EntryTotals {
        precondition(state == .inBatch, "No batch is open.")
        guard batch.totals.entryAddendaCount > 0 else { throw .batchHasNoEntries }
        try totals.add(batch.totals)
        recordCount += batch.totals.entryAddendaCount + 1
        let control = Record(batchControlOf: batch.header, totals: batch.totals, isAdvice: isAdvice)
        buffer.append(control, lineEnd: lineEnd)
        state = .betweenBatches
        return batch.totals
    }

    /// Ends the file with its control and filler, and tells what it holds.
    ///
    /// Refuses a file without batches.
    @discardableResult
    package mutating func finish() throws(BuildingFault) -> EntryTotals {
        precondition(state == .betweenBatches, "Close the batch before the file is finished.")
        guard batchCount > 0 else { throw .fileHasNoBatches }
        recordCount += 1
        let control = try Record(
            fileControlOf: totals,
            batchCount: batchCount,
            recordCount: recordCount,
            isAdvice: isAdvice
        )
        buffer.append(control, lineEnd: lineEnd)
        for _ in 0..<(form.fillerCount ?? Int((10 - recordCount % 10) % 10)) {
            buffer.append(.filler, lineEnd: lineEnd)
        }
        if !form.endsWithLineEnd { buffer.removeLast(lineEnd.count) }
        state = .finished
        return totals
    }
}
