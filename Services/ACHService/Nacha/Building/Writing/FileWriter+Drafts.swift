extension FileWriter {
    /// Writes an entry of any form, with its addenda, under the next trace number.
    ///
    /// ADV entries are numbered within their batch instead. Throws all faults of the draft, or the
    /// limit that the entry does not keep; nothing is written then.
    package mutating func write(_ draft: EntryDraft) throws(BuildingFaults) {
        precondition(
            state == .inBatch && draft.kind == batch.entryKind,
            "Only an open batch whose entries have this form takes this entry."
        )
        let sequence = isAdvice ? batch.totals.entryAddendaCount + 1 : nextSequence
        guard sequence <= FileLimits.traceSequence,
            let trace = TraceNumber(odfi: batch.odfi, sequence: UInt32(sequence))
        else {
            throw BuildingFaults([.traceNumbersExhausted(limit: FileLimits.traceSequence)])
        }
        let entry = try draft.entry(trace: trace)
        do {
            try write(entry)
        } catch {
            throw BuildingFaults([error])
        }
        if !isAdvice { nextSequence += 1 }
    }

    /// Writes an entry that is there already, under the trace number that it has.
    ///
    /// Refuses one that does not add up, or for which the batch or the file has no room; nothing is
    /// written then.
    package mutating func write(_ entry: EntryDetail) throws(BuildingFault) {
        precondition(state == .inBatch, "No batch is open.")
        var sum = batch.totals
        try sum.add(entry, in: batch.entryClass)
        let added = sum.entryAddendaCount - batch.totals.entryAddendaCount
        guard added <= batch.recordsLeft else {
            try sum.checkBatch(of: batch.entryClass)
            throw .fileHasTooManyRecords
        }
        guard sum.debitMinorUnits <= batch.debitLimit else {
            throw EntryTotals.tooLarge(.debit, isAdvice: isAdvice)
        }
        guard sum.creditMinorUnits <= batch.creditLimit else {
            throw EntryTotals.tooLarge(.credit, isAdvice: isAdvice)
        }
        batch.totals = sum
        batch.recordsLeft -= added
        buffer.append(entry.record, lineEnd: lineEnd)
        for addenda in entry.addenda { buffer.append(addenda.record, lineEnd: lineEnd) }
    }

    /// Writes an entry that `writeAtOnce` left: an account number with blanks or too long, a limit
    /// reached, or faults, of which all are found here.
    @inline(never)
    mutating func writeWithCare(
        _ draft: EntryDraft,
        receiver: UInt32
    ) throws(BuildingFaults) {
        if RoutingNumber(number: receiver) == nil {
            var faults = [
                BuildingFault.routingNumberInvalid(
                    field: "receiving_dfi_identification",
                    value: "\(receiver)"
                )
            ]
            do {
                _ = try draft.entry(trace: .unassigned)
            } catch {
                faults += error.faults
            }
            throw BuildingFaults(faults)
        }
        try write(draft)
    }
}

extension TraceNumber {
    /// Stands for a trace number while a draft is looked at that will not be written.
    fileprivate static let unassigned = TraceNumber(unchecked: 0, 0)
}
