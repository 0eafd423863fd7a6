extension NachaFile {
    /// The file with an entry in each batch against the originator's own account, so that debits and
    /// credits of each batch are the same.
    ///
    /// The offset has the side and the amount that are missing; above 99,999,999.99 it is several
    /// entries, since the field holds no more. The batch becomes class 200. A batch that is balanced
    /// already, or moves no money, stays as it is, so that balancing twice is balancing once. The
    /// offset's trace number follows the highest one of the ODFI in the whole file, so that it stands
    /// in no other batch.
    ///
    /// Refuses a batch whose SEC code takes no such entry: classes of one side, those with mandatory
    /// addenda (IAT, POS, SHR, MTE), ADV, and returns.
    ///
    /// Source: design 3.10, "Balanced offset entry".
    package func balanced(against account: OffsetAccount) throws(TransformFault) -> NachaFile {
        var sequences = lastSequences
        var balanced = batches
        for index in batches.indices {
            let batch = batches[index]
            let size = try batch.sizeOfEntries()
            guard size.debits != size.credits else { continue }
            if let reason = batch.reasonNotToOffset {
                throw .batchTakesNoOffset(EntryPlace(batch), reason)
            }
            let side: TransactionCode.Side = size.debits > size.credits ? .credit : .debit
            var missing = max(size.debits, size.credits) - min(size.debits, size.credits)
            while missing > 0 {
                let amount = min(missing, FileLimits.amountMinorUnits)
                let sequence = (sequences[batch.odfi] ?? 0) + 1
                guard sequence <= FileLimits.traceSequence else {
                    throw .traceNumbersExhausted(EntryPlace(batch))
                }
                sequences[batch.odfi] = sequence
                balanced[index].entries.append(
                    batch.offset(side, amount, account, sequence: sequence)
                )
                missing -= amount
            }
            balanced[index].header.write(ServiceClass.mixed.rawValue, 2, 4)
        }
        return try .closed(header: header, modifier: nil, batches: balanced)
    }

    /// The highest sequence number under each ODFI.
    private var lastSequences: [String: UInt64] {
        var last: [String: UInt64] = [:]
        for batch in batches {
            let highest = batch.entries.lazy.map { $0.record.number(88, 94) }.max() ?? 0
            last[batch.odfi] = max(last[batch.odfi] ?? 0, highest)
        }
        return last
    }
}

extension NachaBatch {
    /// An entry against the originator's account, in the form of the batch's SEC code.
    fileprivate func offset(
        _ side: TransactionCode.Side,
        _ amountMinorUnits: UInt64,
        _ account: OffsetAccount,
        sequence: UInt64
    ) -> EntryDetail {
        var record = Record()
        record.write("6", 1, 1)
        record.write(account.kind.code(side), 2, 3)
        record.write(account.routing.text, 4, 12)
        record.write(account.number, 13, 29)
        record.write(amountMinorUnits, 30, 39)
        record.write(account.identificationNumber, 40, 54)
        if entryClass.entryForm == .exchange {
            record.write("0000", 55, 58)
            record.write(account.name, 59, 74)
        } else {
            record.write(account.name, 55, 76)
        }
        // The payment type that a WEB entry should have: this one is single.
        if entryClass == .web { record.write("S", 77, 78) }
        record.write("0", 79, 79)
        record.write(odfi, 80, 87)
        record.write(sequence, 88, 94)
        return EntryDetail(record: record)
    }
}
