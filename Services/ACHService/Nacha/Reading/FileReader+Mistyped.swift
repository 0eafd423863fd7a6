/// Records whose type code is wrong and whose other characters say what they are.
extension FileReader {
    /// Reads a record as what it is, where its first character alone is wrong; false where the rest is
    /// not exactly that of another record that may stand here.
    ///
    /// One diagnostic says so, and everything that the record means is kept: nothing is missed.
    mutating func readMistyped(_ record: RecordView) -> Bool {
        guard !isGarbled, presentLength == RecordView.length,
            let (type, title) = meantType(of: record)
        else { return false }
        report(
            .recordType,
            1,
            1,
            record,
            .unknown,
            "The record begins with \(Self.typeText(record)); the rest of it is that of \(title)."
        )
        // Whoever sees the records sees it as it stands.
        visit(record, .unknown)
        isMistyped = true
        defer { isMistyped = false }
        var meant = Record(record)
        meant[1] = type
        file.records -= 1
        meant.withView { readRecord($0) }
        return true
    }

    /// Whether several fields hold what they cannot: one is a slip of its own.
    func isShapeless(_ record: RecordView, _ kind: RecordKind) -> Bool {
        guard let layout = kind.layout, !layout.pattern.fits(record) else { return false }
        return layout.fields.count { !fits(record, $0) } > 1
    }

    /// The type of record that fits to the last character, of those that may stand here.
    private func meantType(of record: RecordView) -> (UInt8, StaticString)? {
        let candidates: [(UInt8, StaticString)] = [
            ("1", "a file header"), ("5", "a batch header"), ("6", "an entry"), ("7", "addenda"),
            ("8", "a batch control"), ("9", "a file control"),
        ].map { (UInt8(ascii: $0.0), $0.1) }
        return candidates.first { type, _ in
            guard type != record.typeCode else { return false }
            var copy = Record(record)
            copy[1] = type
            return copy.withView { fitsHere($0) }
        }
    }

    private func fitsHere(_ record: RecordView) -> Bool {
        switch record.typeCode {
        case UInt8(ascii: "1"): file.records == 1 && RecordKind.fileHeader.fits(record)
        case UInt8(ascii: "5"):
            !batch.isOpen && !file.hasControl && StandardEntryClass(record) != nil
                && RecordKind(batchHeader: record).fits(record)
        case UInt8(ascii: "6"):
            batch.isOpen && batch.header != nil && batch.policy.pattern.fits(record)
                && TransactionCode(record.pair(2)) != nil
                && record.checkDigit(ofRoutingAt: 4) == record[12] &- Character.zero
        case UInt8(ascii: "7"): entry.isOpen && RecordKind(addenda: record).fits(record)
        case UInt8(ascii: "8"):
            batch.isOpen
                && (batch.policy.entryClass == .adv
                    ? RecordKind.adviceBatchControl : .batchControl).fits(record)
        case UInt8(ascii: "9"):
            !batch.isOpen && file.batches > 0
                && (file.isAdvice == true
                    ? RecordKind.adviceFileControl : .fileControl).fits(record)
        default: false
        }
    }
}
