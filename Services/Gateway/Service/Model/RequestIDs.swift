/// Makes request ids: 32 hex digits, unique for all practical purposes, cheap to make.
///
/// They name requests in logs and answers and guard nothing, so they need not be secret.
package struct RequestIDs: Sendable {
    private let prefix: UInt64
    private var next: UInt64

    package init() {
        var random = SystemRandomNumberGenerator()
        prefix = random.next()
        next = random.next()
    }

    package mutating func make() -> String {
        next &+= 0x9E37_79B9_7F4A_7C15
        let low = next
        let high = prefix
        return String(unsafeUninitializedCapacity: 32) { digits in
            for index in 0..<16 {
                let shift = UInt64(60 - index * 4)
                digits[index] = Self.digit(high >> shift)
                digits[16 + index] = Self.digit(low >> shift)
            }
            return 32
        }
    }

    private static func digit(_ value: UInt64) -> UInt8 {
        let nibble = UInt8(truncatingIfNeeded: value & 0xF)
        return nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }
}
