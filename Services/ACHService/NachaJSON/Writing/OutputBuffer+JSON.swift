/// Bytes of JSON that wait to be handed over: one stretch of memory that is used again and again.
struct JSONBuffer: ~Copyable {
    /// How many bytes behind a text may be overwritten by copying it in strides.
    static let slack = 16

    private var base: UnsafeMutableRawPointer
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

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// Makes room for so many bytes and the slack behind them.
    @inline(__always)
    mutating func reserve(_ additional: Int) {
        if count &+ additional &+ Self.slack > capacity { grow(additional) }
    }

    @inline(never)
    private mutating func grow(_ additional: Int) {
        let larger = max(capacity * 2, count + additional + Self.slack)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        memory.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = memory
        capacity = larger
    }

    /// Counts bytes that were written at `end`, into room that was reserved.
    @inline(__always)
    mutating func advance(_ written: Int) { count &+= written }

    /// Appends one byte into room that was reserved.
    @inline(__always)
    mutating func put(_ byte: UInt8) {
        end.storeBytes(of: byte, as: UInt8.self)
        count &+= 1
    }

    /// Appends bytes into room that was reserved, copied in strides of sixteen: as many are read
    /// beyond their end, and written into the slack.
    @inline(__always)
    mutating func put(_ source: UnsafeRawPointer, _ length: Int) {
        let target = end
        var offset = 0
        while offset < length {
            let lanes = source.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
            target.storeBytes(of: lanes, toByteOffset: offset, as: SIMD16<UInt8>.self)
            offset &+= 16
        }
        count &+= length
    }

    /// Appends a text that needs no escapes.
    mutating func append(_ text: StaticString) {
        reserve(text.utf8CodeUnitCount)
        end.copyMemory(from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
        count += text.utf8CodeUnitCount
    }

    /// Appends bytes as they stand.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count)
        end.copyMemory(from: start, byteCount: bytes.count)
        count += bytes.count
    }

    mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

    mutating func append(_ number: Int) { append(Array(String(number).utf8)) }

    /// Appends bytes as the inside of a JSON string, each byte as the character of its number.
    mutating func appendLatin1(_ bytes: UnsafeRawBufferPointer) {
        reserve(bytes.count * 6)
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                put(UInt8(ascii: "\\"))
                put(byte)
            case 0x20...0x7E: put(byte)
            default:
                append("\\u00")
                put(Self.hexadecimal(byte &>> 4))
                put(Self.hexadecimal(byte & 15))
            }
        }
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
    }

    /// Hands the bytes over, and forgets them where that succeeds.
    mutating func drain<E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        try body(bytes)
        count = 0
    }
}
