/// Hiding account numbers and names where somebody looks who need not know them.
///
/// Of an account number the last four characters stay, as on a bank statement, where it has more than
/// that; of a name nothing. Blanks stay blanks, so that a masked record keeps its columns.
package enum Masking {
    /// The characters of an account number that stay.
    static let shown = 4

    /// A value of some privacy, as everybody may see it.
    package static func mask(_ value: String, _ privacy: Field.Privacy) -> String {
        switch privacy {
        case .open: return value
        case .name: return String(value.map { $0 == " " ? " " : "*" })
        case .account:
            let characters = Array(value)
            let end = (characters.lastIndex { $0 != " " } ?? -1) + 1
            let start = characters.firstIndex { $0 != " " } ?? 0
            let keep = end - start > shown ? end - shown : end
            return String(
                characters.enumerated().map { index, character in
                    character == " " || index >= keep && index < end ? character : "*"
                }
            )
        }
    }

    /// A record of some kind, as everybody may see it: 94 characters.
    ///
    /// What is no record of a known kind may hold anything: its first twelve characters stay.
    package static func mask(_ record: Record, _ kind: RecordKind) -> String {
        guard let layout = kind.layout else {
            return record.text(1, 12)
                + mask(record.text(13, RecordView.length), .name)
        }
        return layout.fields.map { mask(record.text($0.from, $0.to), $0.privacy) }.joined()
    }
}

extension Diagnostic {
    /// The value at fault, as everybody may see it.
    package var maskedValue: String {
        guard kind == .unknown, record != nil, from <= RecordView.length else {
            return Masking.mask(value, privacy)
        }
        let open = max(0, min(12 - from + 1, value.count))
        return String(value.prefix(open)) + Masking.mask(String(value.dropFirst(open)), .name)
    }
}
