import Money
import Testing

@Suite("Splitting an amount")
struct AllocationTests {
    @Test(
        "M-06: the parts add up to the whole, however it is split",
        arguments: [
            (10_000, [1, 1, 1], [3_334, 3_333, 3_333]),
            (-10_000, [1, 1, 1], [-3_334, -3_333, -3_333]),
            (1, [1, 1, 1], [1, 0, 0]),
            (0, [5, 5], [0, 0]),
            (10_000, [0, 2, 0, 1], [0, 6_667, 0, 3_333]),
            (Int64.max, [1, 1], [4_611_686_018_427_387_904, 4_611_686_018_427_387_903]),
            (Int64.min, [1], [Int64.min]),
        ] as [(Int64, [Int64], [Int64])]
    )
    func parts(whole: Int64, weights: [Int64], expected: [Int64]) {
        let parts = Amount(minorUnits: whole).allocated(over: weights)
        #expect(parts?.map(\.minorUnits) == expected)
    }

    @Test("M-06: random splits lose and gain nothing, and no part is a minor unit off")
    func random() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let whole = Int64.random(in: -10_000_000...10_000_000, using: &generator)
            let count = Int.random(in: 1...12, using: &generator)
            let weights = (0..<count).map { _ in Int64.random(in: 0...1_000, using: &generator) }
            guard weights.contains(where: { $0 > 0 }) else { continue }
            let parts = try #require(Amount(minorUnits: whole).allocated(over: weights))
            #expect(parts.reduce(0) { $0 + $1.minorUnits } == whole)
            let sum = weights.reduce(0, +)
            for (part, weight) in zip(parts, weights) {
                #expect((part.minorUnits * sum - whole * weight).magnitude < sum.magnitude)
            }
        }
    }

    @Test("Nothing can be split over no weight, or over one below zero")
    func refused() {
        #expect(Amount(minorUnits: 5).allocated(over: []) == nil)
        #expect(Amount(minorUnits: 5).allocated(over: [0, 0]) == nil)
        #expect(Amount(minorUnits: 5).allocated(over: [2, -1]) == nil)
    }
}
