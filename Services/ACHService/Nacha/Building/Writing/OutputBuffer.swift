/// Bytes that wait to be handed over: one stretch of memory that is used again and again.
///
/// It grows where nobody drains it, and never while there is room. Behind what is reserved lies some
/// slack, so that texts can be copied in strides.
package struct OutputBuffer: ~Copyable {
    /// How many bytes behind those reserved may be overwritten.
    package static let slack = 16

    private var base: UnsafeMutableRawPointer
    /// How many bytes wait.
    package private(set) var count = 0
    private var capacity: Int

    package init(capacity: Int) {
        self.capacity = capacity
        base = .allocate(byteCount: capacity + Self.slack, alignment: 16)
    }

    deinit { base.deallocate() }

    /// Where the next byte goes.
    @inline(__always)
    package var end: UnsafeMutableRawPointer { base + count }

    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// Makes room for so many bytes behind the last one.
    @inline(__always)
    package mutating func reserve(_ additional: Int) {
        if count &+ additional > capacity { grow(additional) }
    }

    @inline(never)
    private mutating func grow(_ additional: Int) {
        let larger = max(capacity * 2, count + additional)
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: larger + Self.slack,
            alignment: 16
        )
        memory.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = memory
        capacity = larger
    }

    /// Counts bytes that were written behind the last one, into room that was reserved.
    @inline(__always)
    package mutating func advance(_ written: Int) { count &+= written }

    /// Appends bytes.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count)
        end.copyMemory(from: start, byteCount: bytes.count)
        advance(bytes.count)
    }

    /// Appends bytes.
    package mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

    /// Appends a record and the line end behind it.
    mutating func append(_ record: Record, lineEnd: [UInt8]) {
        record.withView { append($0.bytes) }
        append(lineEnd)
    }

    mutating func removeLast(_ bytes: Int) { count -= bytes }

    /// Hands the bytes over, and forgets them where that succeeds.
    package mutating func drain<E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        try body(bytes)
        count = 0
    }
}
