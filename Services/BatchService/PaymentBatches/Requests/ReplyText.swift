internal import BatchRules
internal import Dates
internal import JSON
internal import Money
internal import Protocol
internal import ServiceRuntime

/// Writes the JSON of replies without a tree: amounts are decimals, days and moments texts.
struct ReplyText {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    init(reserving capacity: Int = 256) { bytes.reserveCapacity(capacity) }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func object(
        _ name: String? = nil,
        _ members: (inout ReplyText) throws -> Void
    ) rethrows {
        try enclosed(name, "{", "}", members)
    }

    mutating func array(
        _ name: String? = nil,
        _ elements: (inout ReplyText) throws -> Void
    ) rethrows {
        try enclosed(name, "[", "]", elements)
    }

    mutating func member(_ name: String, _ text: String?) {
        start(name)
        guard let text else { return null() }
        JSONText.append(text, to: &bytes)
    }

    mutating func member(_ name: String, _ number: Int64?) {
        start(name)
        guard let number else { return null() }
        JSONText.append(number, to: &bytes)
    }

    mutating func member(_ name: String, _ flag: Bool) {
        start(name)
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    mutating func member(_ name: String, amount minorUnits: Int64?) {
        start(name)
        guard let minorUnits else { return null() }
        bytes.append(contentsOf: Amount(minorUnits: minorUnits).jsonNumber.utf8)
    }

    /// Days since 1970 as a date.
    mutating func member(_ name: String, day: Int64) {
        member(name, CalendarDay(daysSince1970: Int(day)).text)
    }

    /// Milliseconds since 1970 as a moment.
    mutating func member(_ name: String, moment: Int64?) {
        member(name, moment.map { Timestamps.format(milliseconds: $0) })
    }

    mutating func member(_ name: String, hash: [UInt8]) {
        member(name, HashText.text(hash))
    }

    mutating func element(_ text: String) {
        start(nil)
        JSONText.append(text, to: &bytes)
    }

    /// A value that is written already.
    mutating func element(_ value: ReplyText) {
        start(nil)
        bytes.append(contentsOf: value.bytes)
    }

    private mutating func null() { bytes.append(contentsOf: "null".utf8) }

    private mutating func enclosed(
        _ name: String?,
        _ open: Unicode.Scalar,
        _ close: Unicode.Scalar,
        _ inside: (inout ReplyText) throws -> Void
    ) rethrows {
        start(name)
        bytes.append(UInt8(ascii: open))
        needsComma = false
        try inside(&self)
        bytes.append(UInt8(ascii: close))
        needsComma = true
    }

    private mutating func start(_ name: String?) {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
        guard let name else { return }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: name.utf8)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }
}

extension FieldReader {
    /// The number that a path names; what is none names nothing: `notFound` (design 1.7).
    mutating func pathIdentifier(_ name: String) throws(RPCError) -> Int64 {
        guard case .string(let text) = node(name, required: true) else {
            return identifier(name, required: true) ?? 0
        }
        guard let number = Int64(text), number > 0, String(number) == text else { throw .notFound }
        return number
    }

    /// The number of a batch or payment: a JSON integer.
    mutating func identifier(_ name: String, required: Bool = false) -> Int64? {
        guard let node = node(name, required: required) else { return nil }
        if case .number(let text) = node, let number = Int64(text), number > 0 { return number }
        fail(name, "wrong_type", "\(name) is a whole number above zero.")
        return nil
    }

    /// Reads a request's body; no bytes at all are an object without members.
    static func reading(_ body: [UInt8]) throws(RPCError) -> FieldReader {
        guard !body.isEmpty else { return FieldReader(members: [], at: "") }
        do {
            return try body.withUnsafeBytes { try FieldReader($0) }
        } catch let error as RPCError {
            throw error
        } catch {
            throw .internal
        }
    }
}
