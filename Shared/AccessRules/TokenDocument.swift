/// A flat JSON object as tokens hold it, read strictly and without any framework.
///
/// Members are strings, integers or booleans. Everything else is refused: nested values, fractions
/// and exponents, a name given twice, invalid UTF-8, lone surrogates, bytes after the object
/// (faults; RFC 8725 section 3.7). The rules ring has no JSON reader, and a general one
/// would be too lenient here.
package struct TokenDocument: Sendable {
    package enum Value: Sendable, Hashable {
        case string(String)
        case integer(Int64)
        case boolean(Bool)
    }

    package let members: [String: Value]

    /// Reads a whole document; nil where it is not such an object.
    package init?(_ bytes: some Collection<UInt8>) {
        var reader = TokenDocumentReader(Array(bytes))
        guard let members = reader.object() else { return nil }
        self.members = members
    }

    /// The string under a name; nil where it is missing or has another type.
    package func string(_ name: String) -> String? {
        guard case .string(let text) = members[name] else { return nil }
        return text
    }

    /// The integer under a name; nil where it is missing or has another type.
    package func integer(_ name: String) -> Int64? {
        guard case .integer(let value) = members[name] else { return nil }
        return value
    }
}

/// A recursive descent of depth one.
private struct TokenDocumentReader {
    private static let maximumMembers = 32
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func object() -> [String: TokenDocument.Value]? {
        skipSpace()
        guard take("{") else { return nil }
        var members: [String: TokenDocument.Value] = [:]
        skipSpace()
        if !take("}") {
            repeat {
                skipSpace()
                guard let name = string(), members[name] == nil else { return nil }
                skipSpace()
                guard take(":") else { return nil }
                skipSpace()
                guard let value = value(), members.count < Self.maximumMembers else { return nil }
                members[name] = value
                skipSpace()
            } while take(",")
            guard take("}") else { return nil }
        }
        skipSpace()
        return index == bytes.count ? members : nil
    }

    private mutating func value() -> TokenDocument.Value? {
        guard index < bytes.count else { return nil }
        switch bytes[index] {
        case UInt8(ascii: "\""): return string().map(TokenDocument.Value.string)
        case UInt8(ascii: "t"): return word("true") ? .boolean(true) : nil
        case UInt8(ascii: "f"): return word("false") ? .boolean(false) : nil
        default: return integer().map(TokenDocument.Value.integer)
        }
    }

    /// JSON's grammar of integers: no leading zero, no plus, no fraction, no exponent.
    private mutating func integer() -> Int64? {
        let negative = take("-")
        let start = index
        var value: Int64 = 0
        while index < bytes.count, (48...57).contains(bytes[index]) {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) = product.addingReportingOverflow(Int64(bytes[index] - 48))
            guard !overflow, !carried else { return nil }
            value = sum
            index += 1
        }
        let count = index - start
        guard count > 0, count == 1 || bytes[start] != 48 else { return nil }
        if index < bytes.count, [46, 69, 101].contains(bytes[index]) { return nil }
        return negative ? -value : value
    }

    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        var out: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(validating: out, as: UTF8.self)
            case UInt8(ascii: "\\"): guard escape(into: &out) else { return nil }
            case 0..<0x20: return nil
            default: out.append(byte)
            }
        }
        return nil
    }

    private mutating func escape(into out: inout [UInt8]) -> Bool {
        guard index < bytes.count else { return false }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(byte)
        case UInt8(ascii: "b"): out.append(8)
        case UInt8(ascii: "f"): out.append(12)
        case UInt8(ascii: "n"): out.append(10)
        case UInt8(ascii: "r"): out.append(13)
        case UInt8(ascii: "t"): out.append(9)
        case UInt8(ascii: "u"):
            guard let scalar = unicodeEscape() else { return false }
            out.append(contentsOf: String(scalar).utf8)
        default: return false
        }
        return true
    }

    private mutating func unicodeEscape() -> Unicode.Scalar? {
        guard let first = hexadecimal() else { return nil }
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
        guard take("\\"), take("u"), let second = hexadecimal(),
            (0xDC00..<0xE000).contains(second)
        else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func hexadecimal() -> UInt32? {
        guard index + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            let character = Character(Unicode.Scalar(byte))
            guard character.isASCII, let digit = character.hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        index += 4
        return value
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, UInt32(bytes[index]) == character.value else { return false }
        index += 1
        return true
    }

    private mutating func word(_ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        let matches = text.withUTF8Buffer { bytes[index...].starts(with: $0) }
        if matches { index += length }
        return matches
    }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }
}
