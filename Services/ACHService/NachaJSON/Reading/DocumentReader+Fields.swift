internal import Nacha

/// The values of fields.
extension DocumentReader {
    /// Writes a value into its field; whether it fits.
    @inline(__always)
    mutating func read(
        _ value: Int,
        _ index: Int,
        _ plan: RecordPlan,
        _ place: DocumentPlace,
        _ draft: inout RecordDraft
    ) -> Bool {
        let member = plan.members[index]
        if member.isNumber {
            if let digits = cursor.digits(value), digits.count <= member.length {
                draft.writeNumber(digits, member)
                return true
            }
        } else if cursor.isString(value) {
            let inside = cursor.bytes(value &+ 1, cursor.endOfString(value) &- 1)
            if inside.count <= member.length, Self.isPlain(inside), fits(inside, member) {
                draft.write(inside, member)
                return true
            }
        }
        return readWithCare(value, member, plan.fields[index], place, &draft)
    }

    /// Whether a string's inside is printable ASCII without escapes.
    @inline(__always)
    private static func isPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
        for byte in bytes where byte &- 0x20 > 0x7E - 0x20 || byte == UInt8(ascii: "\\") {
            return false
        }
        return true
    }

    /// Whether an identifier has all its digits.
    @inline(__always)
    private func fits(_ bytes: UnsafeRawBufferPointer, _ member: RecordPlan.Member) -> Bool {
        guard member.isDigits else { return true }
        return bytes.count == member.length && bytes.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 }
    }

    /// A value with escapes, or one that does not fit.
    @inline(never)
    private mutating func readWithCare(
        _ value: Int,
        _ member: RecordPlan.Member,
        _ field: Field,
        _ place: DocumentPlace,
        _ draft: inout RecordDraft
    ) -> Bool {
        if member.isNumber {
            noteNumber(value, field, place)
            return false
        }
        guard cursor.isString(value) else {
            noteWrongType(place, field.name, value, "a string")
            return false
        }
        let text = cursor.string(value)
        guard let fault = textFault(text, member, field) else {
            Array(text.utf8).withUnsafeBytes { draft.write($0, member) }
            return true
        }
        faults.add(fault.code, place, field.name, value: text, fault.message, fault.remedy)
        return false
    }

    private mutating func noteNumber(
        _ value: Int,
        _ field: Field,
        _ place: DocumentPlace
    ) {
        guard cursor.digits(value) != nil else {
            let wanted = "a whole number without a sign"
            return noteWrongType(place, field.name, value, wanted)
        }
        faults.add(
            .numberTooLarge,
            place,
            field.name,
            value: cursor.shown(value),
            "The \(field.title) has more than \(field.length) digits.",
            "Give at most \(String(repeating: "9", count: field.length))."
        )
    }

    /// What is wrong with a text; nil where it may stand in its field.
    private func textFault(
        _ text: String,
        _ member: RecordPlan.Member,
        _ field: Field
    ) -> (code: DocumentFault.Code, message: String, remedy: String)? {
        let title = field.title
        guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            return (
                .notPrintable, "The \(title) holds a character that is not printable ASCII.",
                "Write printable ASCII, 0x20 to 0x7E, without accents."
            )
        }
        guard text.utf8.count <= member.length else {
            return (
                .tooLong, "The \(title) is longer than \(member.length) characters.",
                "Shorten it to \(member.length) characters."
            )
        }
        guard Array(text.utf8).withUnsafeBytes({ fits($0, member) }) else {
            let digits = "\(member.length) \(member.length == 1 ? "digit" : "digits")"
            return (.wrongForm, "The \(title) is not \(digits).", "Give \(digits).")
        }
        return nil
    }

    /// Reports a field that says something else than `record` beside it.
    mutating func compare(
        _ value: Int,
        _ index: Int,
        _ plan: RecordPlan,
        _ place: DocumentPlace,
        _ draft: RecordDraft
    ) {
        let member = plan.members[index]
        let field = plan.fields[index]
        let from = member.offset
        let stretch = draft.record.bytes[from..<(from + member.length)]
        let isSame: Bool
        if member.isNumber {
            let isNumber = stretch.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 }
            let digits = stretch.dropLast().drop { $0 == UInt8(ascii: "0") } + stretch.suffix(1)
            isSame =
                isNumber
                ? cursor.digits(value).map { $0.elementsEqual(digits) } ?? false
                : cursor.isNull(value)
        } else {
            let end = stretch.lastIndex { $0 != UInt8(ascii: " ") }.map { $0 + 1 } ?? from
            isSame = cursor.isString(value) && latin1(value) == Array(stretch[..<end])
        }
        if isSame { return }
        faults.add(
            .disagrees,
            place,
            field.name,
            value: cursor.shown(value),
            "The \(field.title) is not what \"record\" has there.",
            "Leave \"record\" out and give all fields, or change both."
        )
    }
}
