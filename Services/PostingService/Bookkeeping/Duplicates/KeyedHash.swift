/// SipHash-1-3 of (source, source transaction id) under the store's secret key.
///
/// Keyed, so that nobody outside can craft ids that collide; a collision costs time only, as texts
/// are compared before anything counts as a duplicate. The hash stands in stored runs: a change of
/// this function is a change of the store's format.
struct KeyedHash: Sendable {
    /// Length of the secret in bytes.
    static let keyBytes = 16

    private let k0: UInt64
    private let k1: UInt64

    /// - Parameter key: 16 bytes; more are ignored, missing ones count as zero.
    init(key: [UInt8]) {
        func word(_ from: Int) -> UInt64 {
            key.dropFirst(from).prefix(8).enumerated().reduce(0) { word, byte in
                word | UInt64(byte.element) << UInt64(8 * byte.offset)
            }
        }
        k0 = word(0)
        k1 = word(8)
    }

    func hash(source: Int64, text: UnsafeRawBufferPointer) -> UInt64 {
        var state = SipState(k0, k1)
        state.absorb(UInt64(bitPattern: source))
        let count = text.count
        let whole = count & ~7
        var offset = 0
        while offset < whole {
            state.absorb(
                UInt64(littleEndian: text.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            )
            offset += 8
        }
        var last = UInt64(truncatingIfNeeded: count) << 56
        var shift: UInt64 = 0
        while offset < count {
            last |= UInt64(text[offset]) << shift
            shift += 8
            offset += 1
        }
        state.absorb(last)
        return state.finish()
    }
}

/// The four words of SipHash: one round a word, three at the end.
private struct SipState {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64

    init(_ k0: UInt64, _ k1: UInt64) {
        v0 = k0 ^ 0x736f_6d65_7073_6575
        v1 = k1 ^ 0x646f_7261_6e64_6f6d
        v2 = k0 ^ 0x6c79_6765_6e65_7261
        v3 = k1 ^ 0x7465_6462_7974_6573
    }

    @inline(__always)
    mutating func absorb(_ word: UInt64) {
        v3 ^= word
        round()
        v0 ^= word
    }

    @inline(__always)
    mutating func finish() -> UInt64 {
        v2 ^= 0xff
        round()
        round()
        round()
        return v0 ^ v1 ^ v2 ^ v3
    }

    @inline(__always)
    private mutating func round() {
        v0 = v0 &+ v1
        v1 = Self.rotate(v1, 13) ^ v0
        v0 = Self.rotate(v0, 32)
        v2 = v2 &+ v3
        v3 = Self.rotate(v3, 16) ^ v2
        v0 = v0 &+ v3
        v3 = Self.rotate(v3, 21) ^ v0
        v2 = v2 &+ v1
        v1 = Self.rotate(v1, 17) ^ v2
        v2 = Self.rotate(v2, 32)
    }

    @inline(__always)
    private static func rotate(_ word: UInt64, _ by: UInt64) -> UInt64 {
        word << by | word >> (64 - by)
    }
}
