internal import JSON

extension JSONNode {
    /// The value as a cell of a table: texts without quotes, nothing for null, lists joined.
    package var cell: String {
        switch self {
        case .null: ""
        case .boolean(let value): value ? "yes" : "no"
        case .number(let text), .string(let text): text
        case .array(let elements): elements.map(\.cell).joined(separator: " ")
        case .object(let members):
            members.map { "\($0.key)=\($0.value.cell)" }.joined(separator: " ")
        }
    }

    package var integer: Int? {
        guard case .number(let text) = self else { return nil }
        return Int(text)
    }

    /// An amount with two places, its digits untouched: `1198.0` as `1198.00`.
    package var amountCell: String {
        let text = cell
        guard let point = text.firstIndex(of: ".") else {
            return text.isEmpty || !text.allSatisfy({ $0.isNumber || $0 == "-" })
                ? text : text + ".00"
        }
        let places = text.distance(from: point, to: text.endIndex) - 1
        return places < 2 ? text + String(repeating: "0", count: 2 - places) : text
    }
}
