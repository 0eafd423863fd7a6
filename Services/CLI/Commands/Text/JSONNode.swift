internal import Protocol

/// A JSON value with its numbers as they were written: what the CLI shows is what the server said, to
/// the last digit.
package indirect enum JSONNode: Sendable, Hashable {
    case null
    case boolean(Bool)
    /// The raw text of the number.
    case number(String)
    case string(String)
    case array([JSONNode])
    case object([Member])

    package struct Member: Sendable, Hashable {
        package let key: String
        package let value: JSONNode
    }

    /// Reads a whole text; nil where it is not JSON.
    package init?(_ bytes: [UInt8]) {
        let parsed = bytes.withUnsafeBytes { buffer -> JSONNode? in
            var scanner = JSONScanner(buffer)
            do throws(JSONScanner.Fault) {
                let value = try JSONNode(&scanner, in: buffer)
                return scanner.isAtEnd() ? value : nil
            } catch {
                return nil
            }
        }
        guard let parsed else { return nil }
        self = parsed
    }

    /// Reads the next value of a text that is being scanned.
    init(
        _ scanner: inout JSONScanner,
        in buffer: UnsafeRawBufferPointer
    ) throws(JSONScanner.Fault) {
        var ahead = scanner
        _ = try ahead.skipValue()  // refuses a value that is nested too deep to be read
        try self.init(trusting: &scanner, in: buffer)
    }

    private init(
        trusting scanner: inout JSONScanner,
        in buffer: UnsafeRawBufferPointer
    ) throws(JSONScanner.Fault) {
        switch scanner.peek() {
        case UInt8(ascii: "\""): self = .string(try scanner.string())
        case UInt8(ascii: "{"): self = .object(try Self.members(&scanner, in: buffer))
        case UInt8(ascii: "["): self = .array(try Self.elements(&scanner, in: buffer))
        case UInt8(ascii: "t"), UInt8(ascii: "f"): self = .boolean(try scanner.boolean())
        default:
            let range = try scanner.skipValue()
            let text = String(decoding: buffer[range], as: UTF8.self)
            self = text == "null" ? .null : .number(text)
        }
    }

    private static func members(
        _ scanner: inout JSONScanner,
        in buffer: UnsafeRawBufferPointer
    ) throws(JSONScanner.Fault) -> [Member] {
        var members: [Member] = []
        try scanner.object { (key, scanner) throws(JSONScanner.Fault) in
            let value = try JSONNode(trusting: &scanner, in: buffer)
            members.append(Member(key: key, value: value))
        }
        return members
    }

    private static func elements(
        _ scanner: inout JSONScanner,
        in buffer: UnsafeRawBufferPointer
    ) throws(JSONScanner.Fault) -> [JSONNode] {
        var elements: [JSONNode] = []
        try scanner.array { (scanner) throws(JSONScanner.Fault) in
            elements.append(try JSONNode(trusting: &scanner, in: buffer))
        }
        return elements
    }
}

extension JSONScanner {
    /// Reads an array: `element` must consume each of its values.
    mutating func array(_ element: (inout JSONScanner) throws(Fault) -> Void) throws(Fault) {
        try expect(UInt8(ascii: "["))
        if peek() == UInt8(ascii: "]") {
            try expect(UInt8(ascii: "]"))
            return
        }
        while true {
            try element(&self)
            guard peek() == UInt8(ascii: ",") else { break }
            try expect(UInt8(ascii: ","))
        }
        try expect(UInt8(ascii: "]"))
    }
}

extension JSONNode {
    /// The member of an object; nil for anything else.
    package subscript(key: String) -> JSONNode? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    package var elements: [JSONNode] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

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
