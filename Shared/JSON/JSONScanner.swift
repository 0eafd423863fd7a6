/// A strict reader of small JSON texts in place, without a tree (RFC 8259).
///
/// It is for header documents, which are at most eight KiB and read with every call; larger texts
/// are judged first (`JSONText.fault`). UTF-8, grammar and depth are checked as far as it has read.
package struct JSONScanner {
    /// What is wrong, and where.
    package struct Fault: Error, Sendable, Hashable {
        package enum Reason: String, Sendable {
            case malformed = "malformed"
            case tooDeep = "too_deep"
            case duplicateKey = "duplicate_key"
            case wrongType = "wrong_type"
        }

        package var reason: Reason
        /// Bytes before the place where reading stopped.
        package var offset: Int
        /// JSON pointer (RFC 6901) to the value at fault.
        package var pointer = ""

        /// The fault in words.
        package var message: String {
            switch reason {
            case .malformed: "The text is not JSON from byte \(offset) on."
            case .tooDeep: "The text is nested deeper than \(JSONText.maximumDepth) levels."
            case .duplicateKey: "The member stands twice in its object."
            case .wrongType: "The value has the wrong type."
            }
        }

        /// The same fault, seen from the object or array that holds the value.
        package func inside(_ key: some StringProtocol) -> Fault {
            var outer = self
            outer.pointer = JSONText.pointerStep(key) + pointer
            return outer
        }
    }

    /// What `skipValue` asks beyond the grammar.
    package struct Rules: OptionSet, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// No object holds a key twice, however it is escaped.
        package static let uniqueKeys = Rules(rawValue: 1)
        /// No number has a fraction or an exponent.
        package static let integersOnly = Rules(rawValue: 2)
    }

    private let bytes: UnsafeRawBufferPointer
    package private(set) var offset = 0

    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// A fault at the place that has been reached.
    package func fault(_ reason: Fault.Reason) -> Fault { Fault(reason: reason, offset: offset) }

    package var malformed: Fault { fault(.malformed) }

    /// The next byte behind white space, or nil at the end.
    package mutating func peek() -> UInt8? {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            case let byte: return byte
            }
        }
        return nil
    }

    package mutating func expect(_ byte: UInt8) throws(Fault) {
        guard peek() == byte else { throw malformed }
        offset += 1
    }

    /// True where the text has nothing more than white space.
    package mutating func isAtEnd() -> Bool { peek() == nil }

    /// Reads an object's members: `member` gets each key and must consume its value.
    package mutating func object(
        _ member: (String, inout JSONScanner) throws(Fault) -> Void
    ) throws(Fault) {
        try expect(UInt8(ascii: "{"))
        if peek() == UInt8(ascii: "}") {
            offset += 1
            return
        }
        while true {
            guard peek() == UInt8(ascii: "\"") else { throw malformed }
            let key = try string()
            try expect(UInt8(ascii: ":"))
            try member(key, &self)
            switch peek() {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "}"):
                offset += 1
                return
            default: throw malformed
            }
        }
    }

    /// Reads a string value.
    package mutating func string() throws(Fault) -> String {
        try expect(UInt8(ascii: "\""))
        let start = offset
        while offset < bytes.count, bytes[offset] != 0x22, bytes[offset] != 0x5C,
            bytes[offset] >= 0x20
        { offset += 1 }
        guard offset < bytes.count, bytes[offset] >= 0x20 else { throw malformed }
        let head = UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
        if bytes[offset] == 0x22 {
            offset += 1
            guard let text = String(validating: head, as: UTF8.self) else { throw malformed }
            return text
        }
        return try escapedString(from: Array(head))
    }

    private mutating func escapedString(from head: [UInt8]) throws(Fault) -> String {
        var out = head
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            switch byte {
            case 0x22:
                guard let text = String(validating: out, as: UTF8.self) else { throw malformed }
                return text
            case 0x5C:
                out.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20:
                throw malformed
            default:
                out.append(byte)
            }
        }
        throw malformed
    }

    private mutating func escape() throws(Fault) -> Unicode.Scalar {
        guard offset < bytes.count else { throw malformed }
        let byte = bytes[offset]
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw malformed
        }
    }

    private mutating func unicodeEscape() throws(Fault) -> Unicode.Scalar {
        let high = try hexadecimal()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard (0xD800..<0xDC00).contains(high), offset + 2 <= bytes.count, bytes[offset] == 0x5C,
            bytes[offset + 1] == UInt8(ascii: "u")
        else { throw malformed }
        offset += 2
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw malformed }
        return scalar
    }

    private mutating func hexadecimal() throws(Fault) -> UInt32 {
        guard offset + 4 <= bytes.count else { throw malformed }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[offset])).hexDigitValue else {
                throw malformed
            }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }

    /// Reads an integer: a number with a fraction, an exponent or more than 64 bits is a fault.
    package mutating func integer() throws(Fault) -> Int64 {
        _ = peek()
        let start = offset
        _ = try number()
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard let value = Int64(text) else {
            throw Fault(reason: .wrongType, offset: start)
        }
        return value
    }

    package mutating func boolean() throws(Fault) -> Bool {
        switch peek() {
        case UInt8(ascii: "t"):
            try literal("true")
            return true
        case UInt8(ascii: "f"):
            try literal("false")
            return false
        default:
            throw malformed
        }
    }

    /// Steps over any value and returns where it stands.
    package mutating func skipValue(
        depth: Int = 0,
        rules: Rules = []
    ) throws(Fault) -> Range<Int> {
        guard let first = peek() else { throw malformed }
        guard depth < JSONText.maximumDepth else {
            throw fault(.tooDeep)
        }
        let start = offset
        switch first {
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "{"): try skipObject(depth: depth, rules: rules)
        case UInt8(ascii: "["): try skipArray(depth: depth, rules: rules)
        case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try boolean()
        case UInt8(ascii: "n"): try literal("null")
        default:
            let isInteger = try number()
            guard isInteger || !rules.contains(.integersOnly) else {
                throw Fault(reason: .wrongType, offset: start)
            }
        }
        return start..<offset
    }

    private mutating func skipObject(depth: Int, rules: Rules) throws(Fault) {
        var seen: Set<String> = []
        try object { (key, scanner) throws(Fault) in
            if rules.contains(.uniqueKeys), !seen.insert(key).inserted {
                throw Fault(reason: .duplicateKey, offset: scanner.offset).inside(key)
            }
            do throws(Fault) {
                _ = try scanner.skipValue(depth: depth + 1, rules: rules)
            } catch {
                throw error.inside(key)
            }
        }
    }

    private mutating func skipArray(depth: Int, rules: Rules) throws(Fault) {
        offset += 1
        if peek() == UInt8(ascii: "]") {
            offset += 1
            return
        }
        var index = 0
        while true {
            do throws(Fault) {
                _ = try skipValue(depth: depth + 1, rules: rules)
            } catch {
                throw error.inside(String(index))
            }
            index += 1
            switch peek() {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "]"):
                offset += 1
                return
            default: throw malformed
            }
        }
    }

    private mutating func literal(_ text: StaticString) throws(Fault) {
        let end = offset + text.utf8CodeUnitCount
        guard end <= bytes.count else { throw malformed }
        for index in 0..<text.utf8CodeUnitCount
        where bytes[offset + index] != text.utf8Start[index] { throw malformed }
        offset = end
    }

    /// Steps over a number; whether it is an integer.
    private mutating func number() throws(Fault) -> Bool {
        var isInteger = true
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        let leading = offset < bytes.count ? bytes[offset] : 0
        guard try digits() == 1 || leading != UInt8(ascii: "0") else { throw malformed }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            offset += 1
            isInteger = false
            _ = try digits()
        }
        if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            offset += 1
            isInteger = false
            if offset < bytes.count,
                bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-")
            {
                offset += 1
            }
            _ = try digits()
        }
        return isInteger
    }

    private mutating func digits() throws(Fault) -> Int {
        let start = offset
        while offset < bytes.count, (0x30...0x39).contains(bytes[offset]) { offset += 1 }
        guard offset > start else { throw malformed }
        return offset - start
    }
}
