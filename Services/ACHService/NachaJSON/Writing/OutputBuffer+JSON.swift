internal import Nacha

/// What JSON is written with.
extension OutputBuffer {
    /// Writes into room that was reserved.
    @inline(__always)
    mutating func write(_ body: (inout JSONPen) -> Void) {
        let start = end
        var pen = JSONPen(end: start)
        body(&pen)
        advance(pen.end - start)
    }

    /// Appends a text that needs no escapes.
    mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ number: Int) { append(Array(String(number).utf8)) }

    /// Appends bytes as the inside of a JSON string, each byte as the character of its number.
    mutating func appendLatin1(_ bytes: UnsafeRawBufferPointer) {
        reserve(bytes.count * JSONPen.longestCharacter)
        write { $0.putLatin1(bytes) }
    }
}
