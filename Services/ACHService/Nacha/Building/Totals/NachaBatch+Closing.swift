extension NachaBatch {
    /// The batch under a number, with its control computed.
    ///
    /// The number goes into the header; class, company identification and ODFI are copied from the
    /// header as they stand; the message authentication code becomes blank, since it would no longer
    /// be right. An ADV batch keeps its operator's data. The service class is not changed: see
    /// `withServiceClassOfEntries()`.
    ///
    /// Refuses a batch without entries, what does not fit the control's fields (design 3.8), and
    /// entries that do not add up.
    package func closed(number: Int) throws(BuildingFault) -> NachaBatch {
        try closedWithTotals(number: number).batch
    }

    /// The closed batch and what its control says, for the file's control.
    func closedWithTotals(
        number: Int
    ) throws(BuildingFault) -> (batch: NachaBatch, totals: EntryTotals) {
        guard !entries.isEmpty else { throw .batchHasNoEntries }
        let totals = try EntryTotals(of: self)
        try totals.checkBatch(of: entryClass)
        var batch = self
        try batch.header.writeBatchNumber(number)
        let operatorData = entryClass == .adv ? control?.text(61, 79) : nil
        batch.control = Record(
            batchControlOf: batch.header,
            totals: totals,
            isAdvice: entryClass == .adv,
            operatorData: operatorData ?? ""
        )
        return (batch, totals)
    }

    /// The batch with the service class that its entries call for: 200 where they are on both sides,
    /// 220 for credits, 225 for debits, 280 for ADV.
    ///
    /// A control that is there already gets the same class. Refuses an entry whose code the rules do
    /// not know.
    package func withServiceClassOfEntries() throws(BuildingFault) -> NachaBatch {
        var credits = false
        var debits = false
        for entry in entries {
            guard entry.record.withView({ $0.isDigits(2, 3) }), let code = entry.transactionCode
            else { throw .transactionCodeUnknown(value: entry.record.text(2, 3)) }
            if code.side == .credit { credits = true } else { debits = true }
        }
        let serviceClass =
            entryClass == .adv
            ? ServiceClass.advices : .holding(credits: credits, debits: debits)
        var batch = self
        batch.header.write(serviceClass.rawValue, 2, 4)
        batch.control?.write(serviceClass.rawValue, 2, 4)
        return batch
    }
}

extension Record {
    /// Writes a batch number into a batch header, 1 to 9,999,999.
    mutating func writeBatchNumber(_ number: Int) throws(BuildingFault) {
        guard number >= 1 else { throw .valueMissing(field: "batch_number") }
        guard number <= FileLimits.batchNumber else {
            throw .numberTooLarge(
                field: "batch_number",
                value: UInt64(number),
                limit: UInt64(FileLimits.batchNumber)
            )
        }
        write(number, 88, 94)
    }

    /// The control of a batch, from its header and totals that were checked before.
    init(
        batchControlOf header: Record,
        totals: EntryTotals,
        isAdvice: Bool,
        operatorData: String = ""
    ) {
        self.init()
        self[1] = UInt8(ascii: "8")
        copy(header, from: 2, to: 4, at: 2)
        write(totals, .batch(isAdvice: isAdvice))
        if isAdvice {
            write(operatorData, 61, 79)
        } else {
            copy(header, from: 41, to: 50, at: 45)
        }
        copy(header, from: 80, to: 94, at: 80)
    }

    /// Copies a stretch of another record as it stands.
    mutating func copy(_ other: Record, from: Int, to: Int, at position: Int) {
        for offset in 0...(to - from) { self[position + offset] = other[from + offset] }
    }
}
