/// A JSON value with its numbers as they were written: an amount is read from its own digits, and what
/// is shown is what was said, to the last of them.
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

        package init(key: String, value: JSONNode) {
            self.key = key
            self.value = value
        }
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

    /// Reads a whole text that is known to be JSON, nested no deeper than is allowed.
    package init?(judged bytes: UnsafeRawBufferPointer) {
        var scanner = JSONScanner(bytes)
        do throws(JSONScanner.Fault) {
            self = try JSONNode(trusting: &scanner, in: bytes)
        } catch {
            return nil
        }
    }

    /// Reads the next value of a text that is being scanned.
    package init(
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
    package mutating func array(_ element: (inout JSONScanner) throws(Fault) -> Void) throws(Fault)
    {
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

    /// An object of the members that have a value, in this order.
    package init(members: [(String, JSONNode?)]) {
        self = .object(
            members.compactMap { key, value in value.map { Member(key: key, value: $0) } }
        )
    }

    /// The value as compact JSON.
    package var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }
}
