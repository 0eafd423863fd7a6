/// A name, code or id as it is compared: byte for byte, never by Unicode equivalence (contract A1-26).
///
/// `String` holds `K` (U+212A, KELVIN SIGN) and `K` for equal, so that a key of it lets one name pass
/// as its twin, which a store that compares bytes then does not find. Whatever decides by a name
/// (an approval, a visibility, a holder, a key) compares, hashes and orders it by this type.
package struct ByteText: Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let string: String

    package init(_ string: String) { self.string = string }
    package init(stringLiteral value: String) { string = value }

    package var description: String { string }
}

extension ByteText: Hashable, Comparable {
    package static func == (one: ByteText, other: ByteText) -> Bool {
        one.string.utf8.elementsEqual(other.string.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        var string = string
        string.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    package static func < (one: ByteText, other: ByteText) -> Bool {
        one.string.utf8.lexicographicallyPrecedes(other.string.utf8)
    }
}

extension Dictionary where Key == ByteText {
    package subscript(name: String) -> Value? {
        get { self[ByteText(name)] }
        set { self[ByteText(name)] = newValue }
    }

    package subscript(name: String, default value: @autoclosure () -> Value) -> Value {
        get { self[ByteText(name), default: value()] }
        _modify { yield &self[ByteText(name), default: value()] }
    }
}

extension Set where Element == ByteText {
    package func contains(_ name: String) -> Bool { contains(ByteText(name)) }

    /// False where the name is held already.
    @discardableResult
    package mutating func insert(_ name: String) -> Bool { insert(ByteText(name)).inserted }
}
