import Testing

@testable import Nacha

@Suite("Finding what moved")
struct ReorderingTests {
    @Test(
        "The fewest that must move so that the rest is in order",
        arguments: [
            ([], []), ([0, 1, 2], []), ([2, 0, 1], [0]), ([1, 2, 0], [2]), ([0, 3, 1, 2, 4], [1]),
        ] as [([Int], [Int])]
    )
    func findsTheFewest(places: [Int], moved: [Int]) {
        #expect(Reordering.moved(places) == moved)
    }

    @Test("What is left is in order, and no longer run exists", arguments: 1...100)
    func leavesALongestRun(seed: Int) {
        var random = TransformRandom(seed: UInt64(seed))
        let places = Array(0..<Int.random(in: 1...30, using: &random)).shuffled(using: &random)
        let moved = Set(Reordering.moved(places))
        let rest = places.indices.filter { !moved.contains($0) }.map { places[$0] }
        #expect(rest == rest.sorted())
        // The longest ascending run that ends at each place, by the quadratic way.
        var longest = [Int](repeating: 1, count: places.count)
        for index in places.indices {
            for before in 0..<index where places[before] < places[index] {
                longest[index] = max(longest[index], longest[before] + 1)
            }
        }
        #expect(rest.count == longest.max())
    }

    @Test("Equal keys are paired first with first, second with second")
    func pairsInOrder() {
        let pairs = Pairing.pairs(["a", "b", "a", "a"], ["a", "c", "a", "b"])
        #expect(pairs.map { [$0.old, $0.new] } == [[0, 0], [1, 3], [2, 2]])
    }
}
