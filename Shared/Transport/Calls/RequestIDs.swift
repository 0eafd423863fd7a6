/// Request ids for callers that bring none: seven random hexadecimal digits of the connection, then
/// eight that count its calls.
///
/// Fifteen bytes are the longest text that Swift keeps without memory.
struct RequestIDs {
    private let prefix: UInt64
    private var count: UInt64 = 0

    init() { prefix = UInt64.random(in: 0..<1 << 28) << 32 }

    mutating func next() -> String {
        count += 1
        let value = prefix | count & 0xFFFF_FFFF
        return String(unsafeUninitializedCapacity: 15) { buffer in
            for place in 0..<15 {
                let digit = UInt8(truncatingIfNeeded: value >> UInt64(56 - 4 * place) & 15)
                buffer[place] = digit < 10 ? 0x30 + digit : 0x57 + digit
            }
            return 15
        }
    }
}
