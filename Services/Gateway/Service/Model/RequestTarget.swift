/// The path and query of a request, as they came: nothing is decoded or made shorter.
///
/// Only the origin form is taken (`/path?query`). Because no step here or later merges slashes, drops
/// dot segments or decodes a path before it is matched, no spelling of a path reaches another route.
package struct RequestTarget: Sendable, Equatable {
    package let path: String
    package let query: String?

    package init(path: String, query: String?) {
        self.path = path
        self.query = query
    }

    /// Nil where the target has another form, a byte that no URI has, or a broken `%` escape.
    package init?(_ text: String) {
        guard text.utf8.first == UInt8(ascii: "/"), Self.isClean(text) else { return nil }
        if let mark = text.utf8.firstIndex(of: UInt8(ascii: "?")) {
            path = String(text[..<mark])
            query = String(text[text.utf8.index(after: mark)...])
        } else {
            path = text
            query = nil
        }
    }

    private static func isClean(_ text: String) -> Bool {
        var digitsDue = 0
        for byte in text.utf8 {
            if digitsDue > 0 {
                guard hexValue(byte) != nil else { return false }
                digitsDue -= 1
                continue
            }
            switch byte {
            case UInt8(ascii: "%"): digitsDue = 2
            case UInt8(ascii: "#"), UInt8(ascii: "\\"), 0...0x20, 0x7F...: return false
            default: continue
            }
        }
        return digitsDue == 0
    }

    /// A path segment or query word without its escapes; nil where that is not UTF-8 or has controls.
    ///
    /// With `plusIsSpace` it is read as a form field is (the query of a URL).
    package static func decoded(_ text: Substring, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var iterator = text.utf8.makeIterator()
        while let byte = iterator.next() {
            var value = byte
            if byte == UInt8(ascii: "%") {
                guard let high = iterator.next().flatMap(hexValue),
                    let low = iterator.next().flatMap(hexValue)
                else { return nil }
                value = high << 4 | low
            } else if plusIsSpace, byte == UInt8(ascii: "+") {
                value = 0x20
            }
            guard value >= 0x20, value != 0x7F else { return nil }
            bytes.append(value)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
