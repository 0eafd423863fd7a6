/// Hiding account numbers and names where somebody looks who need not know them.
///
/// Of an account number the last four characters stay, as on a bank statement, where it has more than
/// that; of a name nothing. Blanks stay blanks, so that a masked record keeps its columns.
package enum Masking {
    /// The characters of an account number that stay.
    static let shown = 4

    /// A value of some privacy, as everybody may see it.
    package static func mask(_ value: String, _ privacy: Field.Privacy) -> String {
        if privacy == .open { return value }
        var characters = Array(value)
        mask(&characters, privacy, blank: " ", star: "*")
        return String(characters)
    }

    /// Masks bytes where they stand.
    package static func mask(_ bytes: UnsafeMutableRawBufferPointer, _ privacy: Field.Privacy) {
        var bytes = UnsafeMutableBufferPointer(
            start: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
            count: bytes.count
        )
        mask(&bytes, privacy, blank: Character.blank, star: UInt8(ascii: "*"))
    }

    @inline(__always)
    private static func mask<Text: MutableCollection & RandomAccessCollection>(
        _ text: inout Text,
        _ privacy: Field.Privacy,
        blank: Text.Element,
        star: Text.Element
    ) where Text.Element: Equatable, Text.Index == Int {
        var end = text.endIndex
        switch privacy {
        case .open: return
        case .name: break
        case .account:
            while end > text.startIndex, text[end - 1] == blank { end -= 1 }
            var start = text.startIndex
            while start < end, text[start] == blank { start += 1 }
            if end - start > shown { end -= shown }
        }
        for index in text.startIndex..<end {
            text[index] = text[index] == blank ? blank : star
        }
    }

    /// A record of some kind, as everybody may see it: 94 characters.
    ///
    /// What may be no record of a known kind may hold anything anywhere: its first character stays.
    package static func mask(_ record: Record, _ kind: RecordKind) -> String {
        guard let layout = kind.layout else {
            return record.text(1, 1) + mask(record.text(2, RecordView.length), .name)
        }
        return layout.fields.map { mask(record.text($0.from, $0.to), $0.privacy) }.joined()
    }
}

extension Diagnostic {
    /// The value at fault, as everybody may see it.
    package var maskedValue: String {
        guard kind == .unknown, record != nil, from > 1 || to > 1 else {
            return Masking.mask(value, privacy)
        }
        return Masking.mask(value, .name)
    }
}
