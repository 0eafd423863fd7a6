/// One record of 94 characters that owns its bytes.
///
/// A value of 94 bytes without a reference: an array of records is one stretch of memory.
package struct Record: Sendable {
    private var storage: InlineArray<94, UInt8>

    /// A record of blanks.
    package init() { storage = InlineArray(repeating: Character.blank) }

    /// A copy of a record that is read in place.
    package init(_ view: RecordView) {
        storage = unsafe view.base.loadUnaligned(as: InlineArray<94, UInt8>.self)
    }

    /// The first 94 bytes of a text, filled with blanks where it is shorter.
    package init(_ text: some Sequence<UInt8>) {
        self.init()
        for (index, byte) in text.prefix(RecordView.length).enumerated() { storage[index] = byte }
    }

    /// The filler that completes the last block: 94 nines (design 3.1).
    package static let filler = Record(repeatElement(Character.nine, count: RecordView.length))

    /// Reads this record in place.
    @inline(__always)
    package func withView<T, E: Error>(_ body: (RecordView) throws(E) -> T) throws(E) -> T {
        // A copy on the stack: its address does not outlive the call.
        var copy = storage
        return try withUnsafePointer(to: &copy) { pointer throws(E) -> T in
            try body(RecordView(UnsafeRawPointer(pointer)))
        }
    }

    /// The character at a position from 1 to 94.
    package subscript(_ position: Int) -> UInt8 {
        get { storage[position - 1] }
        set { storage[position - 1] = newValue }
    }

    /// The bytes in order.
    package var bytes: [UInt8] { withView { Array($0.bytes) } }

    /// A stretch as text.
    package func text(_ from: Int, _ to: Int) -> String { withView { $0.text(from, to) } }

    /// A stretch as text without the blanks behind it.
    package func trimmedText(_ from: Int, _ to: Int) -> String {
        withView { $0.trimmedText(from, to) }
    }

    /// A stretch of digits as a number of up to 19 digits.
    package func number(_ from: Int, _ to: Int) -> UInt64 { withView { $0.number(from, to) } }

    /// Writes a text left-justified into a stretch: what is too long is cut, the rest is blank.
    package mutating func write(_ text: String, _ from: Int, _ to: Int) {
        var position = from
        for byte in text.utf8 where position <= to {
            self[position] = byte
            position += 1
        }
        while position <= to {
            self[position] = Character.blank
            position += 1
        }
    }

    /// Writes a number right-justified with zeros into a stretch; digits that do not fit are lost,
    /// as the entry hash wants it (design 3.2), so check the size before where it matters.
    package mutating func write(_ number: some BinaryInteger, _ from: Int, _ to: Int) {
        var rest = UInt64(number)
        for position in stride(from: to, through: from, by: -1) {
            self[position] = Character.zero + UInt8(rest % 10)
            rest /= 10
        }
    }
}

extension Record: Hashable {
    package static func == (one: Record, other: Record) -> Bool {
        one.withView { one in
            other.withView { other in one.matches(1, RecordView.length, other, at: 1) }
        }
    }

    package func hash(into hasher: inout Hasher) {
        withView { hasher.combine(bytes: $0.bytes) }
    }
}
