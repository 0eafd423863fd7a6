internal import Nacha

/// Writes JSON into memory of which the caller knows that it has room, and slack behind it.
///
/// The general `JSONWriter` would cost too much here: a file has millions of fields, which are
/// copied from a record in strides of sixteen bytes, and nothing is checked for any of them.
struct JSONPen {
    /// The most bytes that a character of a string takes, as `\u00FF` does.
    static let longestCharacter = 6

    /// Where the next byte goes.
    private(set) var end: UnsafeMutableRawPointer

    init(end: UnsafeMutableRawPointer) { self.end = end }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        end.storeBytes(of: byte, as: UInt8.self)
        end += 1
    }

    /// Writes bytes, copied in strides of sixteen: as many are read beyond their end, and written
    /// into the slack.
    @inline(__always)
    mutating func put(_ source: UnsafeRawPointer, _ length: Int) {
        var offset = 0
        while offset < length {
            let lanes = source.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
            end.storeBytes(of: lanes, toByteOffset: offset, as: SIMD16<UInt8>.self)
            offset &+= OutputBuffer.slack
        }
        end += length
    }

    /// Writes bytes as the inside of a JSON string, each byte as the character of its number.
    mutating func putLatin1(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                put(UInt8(ascii: "\\"))
                put(byte)
            case 0x20...0x7E: put(byte)
            default:
                for character in "\\u00".utf8 { put(character) }
                put(Self.hexadecimal(byte &>> 4))
                put(Self.hexadecimal(byte & 15))
            }
        }
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
    }
}
