package import CSimdjson

/// A text in memory that its reader owns: valid UTF-8, unescaped, valid until the next read.
package struct TextSlice {
    /// The bytes of the text, by which ids are compared.
    package let raw: UnsafeRawBufferPointer

    @inlinable package init(raw: UnsafeRawBufferPointer) { self.raw = raw }

    /// A copy of the text.
    package var string: String { String(decoding: raw, as: UTF8.self) }
}

/// One field of all transactions of a set, in their order.
package struct TextColumn: RandomAccessCollection {
    @usableFromInline let texts: UnsafeBufferPointer<bursar_text>

    init(_ start: UnsafePointer<bursar_text>?, count: Int) {
        texts = UnsafeBufferPointer(start: start, count: count)
    }

    @inlinable package var startIndex: Int { 0 }
    @inlinable package var endIndex: Int { texts.count }

    @inlinable package subscript(row: Int) -> TextSlice {
        precondition(row >= 0 && row < texts.count, "a row outside the set")
        let text = texts[row]
        return TextSlice(raw: UnsafeRawBufferPointer(start: text.start, count: text.length))
    }
}

extension bursar_text {
    var slice: TextSlice { TextSlice(raw: UnsafeRawBufferPointer(start: start, count: length)) }
}
