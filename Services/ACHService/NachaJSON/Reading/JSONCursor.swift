internal import JSON

/// Finds its way in a text that is known to be JSON, without a tree.
///
/// Nothing is checked again, which is what sets it apart from `JSONScanner`: `DocumentReader` has
/// judged the whole text before. Places are bytes from the beginning of the text.
struct JSONCursor {
    /// A member of an object: where its key begins and ends, quotes excluded, and its value.
    struct Member {
        var keyStart: Int
        var keyEnd: Int
        var value: Int
    }

    private let text: UnsafeRawBufferPointer

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

    @inline(__always)
    subscript(_ offset: Int) -> UInt8 { text[offset] }

    /// The bytes of a stretch.
    @inline(__always)
    func bytes(_ from: Int, _ to: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: text[from..<to])
    }

    /// The first place behind white space.
    @inline(__always)
    func skipBlanks(_ offset: Int) -> Int {
        var offset = offset
        while offset < text.count, text[offset] <= 0x20 { offset &+= 1 }
        return offset
    }

    /// The place behind a string that begins here.
    @inline(__always)
    func endOfString(_ offset: Int) -> Int {
        var offset = offset &+ 1
        while true {
            // Eight bytes at a time to the next quote or backslash.
            while offset &+ 8 <= text.count {
                let word = UInt64(
                    littleEndian: text.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                )
                let marks =
                    Self.zeros(word ^ 0x2222_2222_2222_2222)
                    | Self.zeros(word ^ 0x5C5C_5C5C_5C5C_5C5C)
                if marks == 0 {
                    offset &+= 8
                    continue
                }
                offset &+= marks.trailingZeroBitCount &>> 3
                break
            }
            let byte = text[offset]
            if byte == UInt8(ascii: "\"") { return offset &+ 1 }
            offset &+= byte == UInt8(ascii: "\\") ? 2 : 1
        }
    }

    /// The high bits of the bytes that are zero; above the first of them perhaps of others.
    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }

    /// The place behind a value that begins here.
    func endOfValue(_ start: Int) -> Int {
        switch text[start] {
        case UInt8(ascii: "\""): return endOfString(start)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return endOfNest(start)
        default:
            var offset = start
            while offset < text.count, isPartOfWord(text[offset]) { offset &+= 1 }
            return offset
        }
    }

    @inline(__always)
    private func isPartOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0...0x20: false
        default: true
        }
    }

    private func endOfNest(_ start: Int) -> Int {
        var depth = 0
        var offset = start
        while true {
            switch text[offset] {
            case UInt8(ascii: "\""):
                offset = endOfString(offset)
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth &+= 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth &-= 1
                if depth == 0 { return offset &+ 1 }
            default: break
            }
            offset &+= 1
        }
    }

    /// Puts the members of an object into a list; the place behind the object.
    @discardableResult
    func members(of object: Int, into members: inout [Member]) -> Int {
        members.removeAll(keepingCapacity: true)
        var offset = skipBlanks(object &+ 1)
        while text[offset] == UInt8(ascii: "\"") {
            let keyEnd = endOfString(offset)
            let colon = skipBlanks(keyEnd)
            let value = skipBlanks(colon &+ 1)
            members.append(Member(keyStart: offset &+ 1, keyEnd: keyEnd &- 1, value: value))
            offset = skipBlanks(endOfValue(value))
            guard text[offset] == UInt8(ascii: ",") else { break }
            offset = skipBlanks(offset &+ 1)
        }
        return offset &+ 1
    }

    /// Calls `body` with the place of each element of an array; it returns the place behind it.
    func forEachElement(of array: Int, _ body: (_ element: Int, _ index: Int) -> Int) {
        var offset = skipBlanks(array &+ 1)
        var index = 0
        while text[offset] != UInt8(ascii: "]") {
            offset = skipBlanks(body(offset, index))
            index += 1
            if text[offset] == UInt8(ascii: ",") { offset = skipBlanks(offset &+ 1) }
        }
    }

    /// The key of a member.
    func key(_ member: Member) -> String { string(member.keyStart &- 1) }

    /// The string that begins here.
    func string(_ offset: Int) -> String {
        let end = endOfString(offset)
        let inside = bytes(offset + 1, end - 1)
        guard inside.contains(UInt8(ascii: "\\")) else {
            return String(decoding: inside, as: UTF8.self)
        }
        var scanner = JSONScanner(bytes(offset, end))
        do {
            return try scanner.string()
        } catch {
            preconditionFailure("A text that was judged to be JSON has no faulty string.")
        }
    }

    /// The value that begins here, for the one who wrote it: a string's text, or JSON, cut short.
    func shown(_ offset: Int) -> String {
        if text[offset] == UInt8(ascii: "\"") { return string(offset) }
        let end = min(endOfValue(offset), offset + DocumentFault.valueLimit)
        return String(decoding: bytes(offset, end), as: UTF8.self)
    }

    func isString(_ offset: Int) -> Bool { text[offset] == UInt8(ascii: "\"") }
    func isObject(_ offset: Int) -> Bool { text[offset] == UInt8(ascii: "{") }
    func isArray(_ offset: Int) -> Bool { text[offset] == UInt8(ascii: "[") }
    func isNull(_ offset: Int) -> Bool { text[offset] == UInt8(ascii: "n") }

    /// True or false; nil for any other value.
    func boolean(_ offset: Int) -> Bool? {
        switch text[offset] {
        case UInt8(ascii: "t"): true
        case UInt8(ascii: "f"): false
        default: nil
        }
    }

    /// The digits of a whole number that is not negative; nil for any other value.
    func digits(_ offset: Int) -> UnsafeRawBufferPointer? {
        let word = bytes(offset, endOfValue(offset))
        let isNumber = word.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 }
        return isNumber ? word : nil
    }

    /// A whole number that is not negative and fits; nil for any other value.
    func integer(_ offset: Int) -> Int? {
        digits(offset).flatMap { Int(String(decoding: $0, as: UTF8.self)) }
    }
}
