internal import JSON
package import NIOCore
internal import Protocol

/// Writes small JSON documents: the parameters of calls and the bodies of refusals.
package struct JSONWriter: Sendable {
    private var bytes: [UInt8] = []
    private var needsComma = false

    package init() { bytes.reserveCapacity(128) }

    /// What has been written so far.
    package var text: [UInt8] { bytes }

    package var buffer: ByteBuffer { ByteBuffer(bytes: bytes) }

    package mutating func open(_ bracket: Unicode.Scalar) {
        comma()
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    package mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }

    package mutating func key(_ name: String) {
        comma()
        JSONText.append(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func string(_ text: String) {
        comma()
        JSONText.append(text, to: &bytes)
        needsComma = true
    }

    package mutating func integer(_ number: Int64) {
        comma()
        JSONText.append(number, to: &bytes)
        needsComma = true
    }

    package mutating func boolean(_ value: Bool) { raw(value ? "true" : "false") }

    package mutating func null() { raw("null") }

    private mutating func raw(_ word: String) {
        comma()
        bytes.append(contentsOf: word.utf8)
        needsComma = true
    }

    package mutating func field(_ name: String, _ text: String) {
        key(name)
        string(text)
    }

    package mutating func field(_ name: String, _ number: Int64) {
        key(name)
        integer(number)
    }

    package mutating func strings(_ texts: [String]) {
        open("[")
        for text in texts { string(text) }
        close("]")
    }

    /// An object of strings, in the order given.
    package static func object(_ fields: [(String, String)]) -> ByteBuffer {
        var writer = JSONWriter()
        writer.open("{")
        for (name, value) in fields { writer.field(name, value) }
        writer.close("}")
        return writer.buffer
    }

    private mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }
}
