/// Characters that a field may not hold, field by field: what remains to be said of a record that does
/// not fit its pattern.
extension FileReader {
    /// Reports every field with a wrong character; returns what cannot be trusted.
    ///
    /// `isKnown` says of a field that its fault was reported where it was copied from.
    @discardableResult
    mutating func reportShape(
        _ record: RecordView,
        _ layout: RecordLayout,
        isKnown: (Field) -> Bool = { _ in false }
    ) -> FieldFaults {
        guard !isGarbled else { return .all }
        var faults = FieldFaults()
        let wrong = layout.fields.filter { !fits(record, $0) }
        // One wrong field is a slip; several are another record, or one that was shifted.
        if wrong.count > 1 { isDoubtful = true }
        for field in wrong {
            let fault = FieldFaults(field.rule)
            // A check digit beside a routing number that is none says no more.
            let isSaid =
                fault == .checkDigit && faults.contains(.routing)
                || isRefused(field.from, field.to)
            // A reason of another kind gives a return other fields: one cause.
            let isOtherForm = field.rule == .addendaReturnTrace && faults.contains(.answer)
            if !isSaid, !isOtherForm, !isKnown(field) { reportField(record, field, layout.kind) }
            refused.append(field.from...field.to)
            faults.formUnion(fault)
            // The line ended before: the rest is missing for the same reason.
            if field.to > presentLength { return .all }
        }
        return faults
    }

    func fits(_ record: RecordView, _ field: Field) -> Bool {
        switch field.content {
        case .constant(let text):
            text.utf8.enumerated().allSatisfy { record[field.from + $0.offset] == $0.element }
        case .digits: record.isDigits(field.from, field.to)
        case .blank: record.isBlank(field.from, field.to)
        case .text:
            (field.from...field.to).allSatisfy { Character.printable.contains(record[$0]) }
        }
    }

    private mutating func reportField(_ record: RecordView, _ field: Field, _ kind: RecordKind) {
        let wrong = (field.from...field.to).filter {
            !Character.printable.contains(record[$0])
        }
        if let first = wrong.first, let last = wrong.last {
            let byte = String(record[first], radix: 16, uppercase: true)
            return report(
                .recordCharacter,
                first,
                last,
                record,
                kind,
                "Position \(first) holds the byte 0x\(byte), which is no printable ASCII character."
            )
        }
        let what =
            switch field.content {
            case .constant(let text): "must be \(text)"
            case .digits: "must be \(field.length) digits"
            case .blank, .text: "must be blank"
            }
        report(
            field.rule,
            field.from,
            field.to,
            record,
            kind,
            "The \(field.form == .none ? field.reservedTitle : field.title) \(what)."
        )
    }
}

extension Field {
    /// How a constant or a reserved area is spoken of.
    fileprivate var reservedTitle: String { content == .blank ? "reserved area" : title }
}
