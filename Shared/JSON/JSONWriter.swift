package import Dates
package import Money

/// Writes one JSON text into bytes, member after member, without a tree and without an allocation a
/// member; commas come by themselves.
///
/// ```swift
/// let reply = JSONWriter.object { json in
///     json.member("batch_id", batch.id)
///     json.member("total", amount: batch.total)
///     json.array("notes") { json in
///         for note in notes { json.element(note) }
///     }
/// }
/// ```
///
/// Names that stand in the code are written as they are; what comes at run time goes through `key`
/// and `element`, or `member(named:)`, and is escaped. Nothing keeps a name from standing twice.
package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8]
    private var needsComma = false

    package init(reserving capacity: Int = 256) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    private init(continuing bytes: consuming [UInt8]) { self.bytes = bytes }

    /// What has been written so far, as a text.
    package var text: String { String(decoding: bytes, as: UTF8.self) }
}

// MARK: Whole texts

extension JSONWriter {
    /// The bytes of an object.
    package static func object(
        reserving capacity: Int = 256,
        _ members: (inout JSONWriter) throws -> Void
    ) rethrows -> [UInt8] {
        var writer = JSONWriter(reserving: capacity)
        try writer.object(members)
        return writer.bytes
    }

    /// The bytes of an array.
    package static func array(
        reserving capacity: Int = 256,
        _ elements: (inout JSONWriter) throws -> Void
    ) rethrows -> [UInt8] {
        var writer = JSONWriter(reserving: capacity)
        try writer.array(elements)
        return writer.bytes
    }

    /// The text of an object, for what is kept or sent as text.
    package static func objectText(
        _ members: (inout JSONWriter) throws -> Void
    ) rethrows -> String {
        String(decoding: try object(members), as: UTF8.self)
    }

    /// Appends one value behind bytes that are there already; they are not copied.
    package static func append(
        to out: inout [UInt8],
        _ value: (inout JSONWriter) throws -> Void
    ) rethrows {
        var writer = JSONWriter(continuing: out)
        out = []
        defer { out = writer.bytes }
        try value(&writer)
    }
}

// MARK: Objects and arrays

extension JSONWriter {
    package mutating func object(
        _ members: (inout JSONWriter) throws -> Void
    ) rethrows {
        open("{")
        try members(&self)
        close("}")
    }

    package mutating func array(
        _ elements: (inout JSONWriter) throws -> Void
    ) rethrows {
        open("[")
        try elements(&self)
        close("]")
    }

    package mutating func object(
        _ name: StaticString,
        _ members: (inout JSONWriter) throws -> Void
    ) rethrows {
        key(name)
        try object(members)
    }

    package mutating func array(
        _ name: StaticString,
        _ elements: (inout JSONWriter) throws -> Void
    ) rethrows {
        key(name)
        try array(elements)
    }

    private mutating func open(_ bracket: Unicode.Scalar) {
        separate()
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    private mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }
}

// MARK: Names

extension JSONWriter {
    /// A member's name as it stands in the code; its value comes next.
    package mutating func key(_ name: StaticString) {
        append(needsComma ? ",\"" : "\"")
        append(name)
        append("\":")
        needsComma = false
    }

    /// A member's name that is known only at run time; its value comes next.
    package mutating func key(named name: String) {
        separate()
        JSONText.append(name, to: &bytes)
        endKey()
    }

    private mutating func endKey() {
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Puts a comma where one is due; behind what comes now one will be.
    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }
}

// MARK: Values

extension JSONWriter {
    /// A string; null for nil.
    package mutating func value(_ text: String?) {
        separate()
        guard let text else { return null() }
        JSONText.append(text, to: &bytes)
    }

    /// An integer; null for nil.
    package mutating func value(_ number: Int64?) {
        separate()
        guard let number else { return null() }
        JSONText.append(number, to: &bytes)
    }

    package mutating func value(_ number: Int) { value(Int64(number)) }

    /// A number by its digits, for one that no integer type holds; null for nil.
    package mutating func value(number text: String?) {
        separate()
        guard let text else { return null() }
        bytes.append(contentsOf: text.utf8)
    }

    package mutating func value(_ flag: Bool) {
        separate()
        append(flag ? "true" : "false")
    }

    package mutating func value(_ texts: [String]) {
        array { json in for text in texts { json.value(text) } }
    }

    /// A decimal of minor units, for example `1198.0`; null for nil.
    package mutating func value(amount: Amount?) { value(number: amount?.jsonNumber) }

    /// A day as `YYYY-MM-DD`; null for nil.
    package mutating func value(day: CalendarDay?) { value(day?.text) }

    /// Milliseconds since 1970 as RFC 3339 in UTC; null for nil.
    package mutating func value(moment: Int64?) {
        value(moment.map { RFC3339.text(milliseconds: $0) })
    }

    /// What is JSON already, taken as it is.
    package mutating func value(json: UnsafeRawBufferPointer) {
        separate()
        bytes.append(contentsOf: json)
    }

    /// What is JSON already, taken as it is; null for nil.
    package mutating func value(json: [UInt8]?) {
        separate()
        guard let json else { return null() }
        bytes.append(contentsOf: json)
    }

    /// Members that are written already, without the braces around them.
    package mutating func members(json: UnsafeRawBufferPointer) { value(json: json) }

    /// A value that was read before, as it was written.
    package mutating func value(_ node: JSONNode) {
        switch node {
        case .null: value(String?.none)
        case .boolean(let flag): value(flag)
        case .number(let text): value(number: text)
        case .string(let text): value(text)
        case .array(let elements):
            array { json in for element in elements { json.value(element) } }
        case .object(let members):
            object { json in
                for member in members {
                    json.key(named: member.key)
                    json.value(member.value)
                }
            }
        }
    }

    private mutating func null() { append("null") }

    private mutating func append(_ word: StaticString) {
        word.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }
}
