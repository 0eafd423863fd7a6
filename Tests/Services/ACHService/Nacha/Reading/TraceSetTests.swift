@testable import Nacha
import Testing

@Suite("Trace numbers seen in a file")
struct TraceSetTests {
    @Test("A number is new once")
    func newOnce() {
        var traces = TraceSet()
        let numbers: [UInt64] = [
            0, 1, 63, 64, 65_535, 65_536, 76_401_250_000_001, 999_999_999_999_999,
        ]
        #expect(traces.insert(numbers) == numbers.map { _ in true })
        #expect(traces.insert(numbers.reversed()) == numbers.map { _ in false })
        #expect(traces.insert([2, 1, 2]) == [true, false, false])
    }

    @Test("It says of random numbers what a set says")
    func likeASet() {
        var random = SplitMix64(seed: 5)
        var traces = TraceSet()
        var model: Set<UInt64> = []
        let numbers = (0..<20_000).map { _ in
            UInt64(random.below(10)) * 10_000_000 + UInt64(random.below(9_000))
        }
        let expected = numbers.map { model.insert($0).inserted }
        #expect(traces.insert(numbers) == expected)
    }

    @Test("Beyond its pages a repeated number passes unseen, and those before are still known")
    func memoryIsBounded() {
        var traces = TraceSet()
        let pages = (0..<2_048).map { UInt64($0) << 16 }
        #expect(traces.insert(pages).allSatisfy { $0 })
        let beyond: UInt64 = 2_048 << 16
        #expect(traces.insert([beyond, beyond]) == [true, true])
        #expect(traces.insert([7 << 16, 7 << 16 + 1]) == [false, true])
    }
}

extension TraceSet {
    /// Inserts numbers in order; says of each whether it is new.
    fileprivate mutating func insert(_ numbers: [UInt64]) -> [Bool] {
        var isNew: [Bool] = []
        for number in numbers { isNew.append(insert(number)) }
        return isNew
    }
}
