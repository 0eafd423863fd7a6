/// Random numbers that a seed determines, the same on every machine and in every version of Swift.
///
/// Source: Sebastiano Vigna's SplitMix64, public domain.
package struct SplitMix64: Hashable, Sendable, RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// A number from 0 to below a bound of at most 2^32, which must not be zero.
    @inline(__always)
    package mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: ((next() >> 32) &* UInt64(truncatingIfNeeded: bound)) >> 32)
    }

    /// A number of a range.
    package mutating func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    /// One of some values, of which there must be one.
    package mutating func pick<T>(_ values: [T]) -> T { values[below(values.count)] }

    /// True once in so many times.
    package mutating func once(in times: Int) -> Bool { below(times) == 0 }

    /// A text of so many digits whose first is not zero.
    package mutating func digits(_ count: Int) -> String {
        var text = String(number(in: 1...9))
        for _ in 1..<count { text += String(below(10)) }
        return text
    }
}
