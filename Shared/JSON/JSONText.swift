/// Writing JSON into bytes without a tree.
package enum JSONText {
    private static let hexadecimal = Array("0123456789abcdef".utf8)

    /// Appends `text` in quotes, escaped as RFC 8259 section 7 asks and no further.
    package static func append(_ text: String, to out: inout [UInt8]) {
        out.append(0x22)
        var text = text
        text.withUTF8 { bytes in
            if !bytes.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) {
                out.append(contentsOf: bytes)
                return
            }
            for byte in bytes { append(escaping: byte, to: &out) }
        }
        out.append(0x22)
    }

    private static func append(escaping byte: UInt8, to out: inout [UInt8]) {
        switch byte {
        case 0x22, 0x5C:
            out.append(0x5C)
            out.append(byte)
        case 0..<0x20:
            out.append(contentsOf: "\\u00".utf8)
            out.append(hexadecimal[Int(byte >> 4)])
            out.append(hexadecimal[Int(byte & 15)])
        default:
            out.append(byte)
        }
    }

    /// Appends the digits of a number.
    package static func append(_ number: Int64, to out: inout [UInt8]) {
        if number < 0 { out.append(UInt8(ascii: "-")) }
        var left = out.count
        var rest = number.magnitude
        repeat {
            out.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        var right = out.count - 1
        while left < right {
            out.swapAt(left, right)
            left += 1
            right -= 1
        }
    }

    /// One step of a JSON pointer (RFC 6901): `/` and the key with `~` and `/` escaped.
    package static func pointerStep(_ key: some StringProtocol) -> String {
        var step = "/"
        for character in key {
            switch character {
            case "~": step += "~0"
            case "/": step += "~1"
            default: step.append(character)
            }
        }
        return step
    }
}
