/// One record of 94 characters, read in place where its bytes lie.
///
/// Positions are those of the Nacha Operating Rules: the first character is 1. The bytes belong to
/// somebody else, a reader's chunk or a `Record`, and are there only during the call that hands the
/// view out. Reading allocates nothing.
package struct RecordView {
    /// How many characters a record has (design 3.7).
    package static let length = 94

    /// At least 94 readable bytes.
    let base: UnsafeRawPointer

    /// A view of the first 94 bytes at an address.
    init(_ base: UnsafeRawPointer) { self.base = base }

    /// The bytes in order.
    package var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base, count: Self.length)
    }

    /// The character at a position from 1 to 94.
    @inline(__always)
    package subscript(_ position: Int) -> UInt8 {
        base.load(fromByteOffset: position &- 1, as: UInt8.self)
    }

    /// Eight characters from a position as one word, the first in the lowest byte.
    @inline(__always)
    func word(_ position: Int) -> UInt64 {
        UInt64(
            littleEndian: base.loadUnaligned(fromByteOffset: position &- 1, as: UInt64.self)
        )
    }

    /// The record type code, position 1.
    @inline(__always)
    var typeCode: UInt8 { self[1] }

    /// Whether a stretch holds nothing but blanks.
    package func isBlank(_ from: Int, _ to: Int) -> Bool {
        var position = from
        while position <= to, self[position] == Character.blank { position &+= 1 }
        return position > to
    }

    /// Whether a stretch holds nothing but blanks and zeros, which says nothing where something must
    /// be said (design 3.7, end).
    @inline(__always)
    package func saysNothing(_ from: Int, _ to: Int) -> Bool {
        var position = from
        while position <= to, self[position] == Character.blank || self[position] == Character.zero
        {
            position &+= 1
        }
        return position > to
    }

    /// Whether a stretch holds digits and nothing else.
    package func isDigits(_ from: Int, _ to: Int) -> Bool {
        var position = from
        while position <= to, Character.isDigit(self[position]) { position &+= 1 }
        return position > to
    }

    /// Whether a stretch is exactly this text, or this text and blanks behind it.
    package func reads(_ text: StaticString, _ from: Int, _ to: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard count <= to - from + 1 else { return false }
        for offset in 0..<count where self[from + offset] != text.utf8Start[offset] {
            return false
        }
        return isBlank(from + count, to)
    }

    /// Whether two stretches of as many characters are the same, in this record and another.
    package func matches(_ from: Int, _ to: Int, _ other: RecordView, at position: Int) -> Bool {
        for offset in 0...(to - from) where self[from + offset] != other[position + offset] {
            return false
        }
        return true
    }

    /// A stretch as text; bytes that are no ASCII become U+FFFD.
    package func text(_ from: Int, _ to: Int) -> String {
        String(decoding: bytes[(from - 1)..<to], as: UTF8.self)
    }

    /// A stretch as text without the blanks behind it.
    package func trimmedText(_ from: Int, _ to: Int) -> String {
        var end = to
        while end >= from, self[end] == Character.blank { end -= 1 }
        return end < from ? "" : text(from, end)
    }
}

/// The characters that Nacha files are made of.
enum Character {
    static let blank = UInt8(ascii: " ")
    static let zero = UInt8(ascii: "0")
    static let one = UInt8(ascii: "1")
    static let nine = UInt8(ascii: "9")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    /// The first and the last printable character of ASCII, the blank included.
    static let printable: ClosedRange<UInt8> = 0x20...0x7E

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- zero <= 9 }

    static func isUpperCaseLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
