internal import CSimdjson
internal import Money

/// Writes JSON into memory whose size the caller has made sure of.
///
/// The general `JSONWriter` would cost too much here: a result has up to 100,000 transactions, which
/// the vector code of CSimdjson escapes and writes straight into the piece that is sent.
struct JSONMemoryWriter {
    /// Most bytes that one byte of a text takes inside a JSON string.
    static let bytesPerEscapedByte = 6

    private let start: UnsafeMutablePointer<CChar>
    private let capacity: Int
    private(set) var used = 0

    init(_ memory: UnsafeMutableRawBufferPointer) {
        guard let start = memory.baseAddress else { preconditionFailure("no memory to write into") }
        self.start = start.assumingMemoryBound(to: CChar.self)
        capacity = memory.count
    }

    var room: Int { capacity - used }

    mutating func put(_ text: StaticString) {
        precondition(text.utf8CodeUnitCount <= room, "no room left")
        UnsafeMutableRawPointer(start + used).copyMemory(
            from: text.utf8Start,
            byteCount: text.utf8CodeUnitCount
        )
        used += text.utf8CodeUnitCount
    }

    mutating func put(string text: String) {
        var text = text
        text.withUTF8 { put(string: TextSlice(raw: UnsafeRawBufferPointer($0))) }
    }

    mutating func put(string text: TextSlice) {
        precondition(text.raw.count * Self.bytesPerEscapedByte + 2 <= room, "no room left")
        put("\"")
        used += bursar_json_escape(
            text.raw.baseAddress?.assumingMemoryBound(to: CChar.self),
            text.raw.count,
            start + used
        )
        put("\"")
    }

    mutating func put(_ integer: Int64) {
        var digits = String(integer)
        digits.withUTF8 { digits in
            precondition(digits.count <= room, "no room left")
            UnsafeMutableRawBufferPointer(start: start + used, count: room)
                .copyMemory(from: UnsafeRawBufferPointer(digits))
            used += digits.count
        }
    }

    mutating func put(_ amount: Amount) {
        precondition(room >= 24, "no room left")
        used += bursar_amount_write(amount.minorUnits, start + used)
    }

    /// Writes transactions from `first` on, as many as fit; returns the place of the next.
    mutating func putTransactions(of set: PostingSetView, from first: Int) -> Int {
        var next = first
        withUnsafePointer(to: set.columns) { columns in
            used += bursar_set_write_transactions(columns, &next, start + used, room)
        }
        return next
    }
}
