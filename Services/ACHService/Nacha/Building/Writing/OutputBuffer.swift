/// Bytes that wait to be handed over: one stretch of memory that is used again and again.
///
/// It grows where nobody drains it, and never while there is room.
struct OutputBuffer: ~Copyable {
    private(set) var base: UnsafeMutableRawPointer
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { base.deallocate() }

    /// Where the next byte goes.
    @inline(__always)
    var end: UnsafeMutableRawPointer { base + count }

    /// Makes room for so many bytes behind the last one.
    @inline(__always)
    mutating func reserve(_ additional: Int) {
        if count &+ additional > capacity { grow(additional) }
    }

    @inline(never)
    private mutating func grow(_ additional: Int) {
        let larger = max(capacity * 2, count + additional)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        memory.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = memory
        capacity = larger
    }

    /// Counts bytes that were written behind the last one, into room that was reserved.
    @inline(__always)
    mutating func advance(_ written: Int) { count &+= written }

    /// Appends bytes.
    mutating func append(_ bytes: [UInt8]) {
        reserve(bytes.count)
        bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            end.copyMemory(from: start, byteCount: source.count)
        }
        advance(bytes.count)
    }

    /// Appends a record and the line end behind it.
    mutating func append(_ record: Record, lineEnd: [UInt8]) {
        reserve(RecordView.length)
        record.withView { end.copyMemory(from: $0.base, byteCount: RecordView.length) }
        advance(RecordView.length)
        append(lineEnd)
    }

    mutating func removeLast(_ bytes: Int) { count -= bytes }

    /// Hands the bytes over, and forgets them where that succeeds.
    mutating func drain<E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        try body(UnsafeRawBufferPointer(start: base, count: count))
        count = 0
    }
}
