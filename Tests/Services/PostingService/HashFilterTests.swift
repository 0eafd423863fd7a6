import Testing

@testable import Bookkeeping

@Suite("The filter of committed hashes")
struct HashFilterTests {
    /// Hashes as a keyed hash gives them, the same in every run.
    private static func hashes(_ count: Int, seed: UInt64) -> [UInt64] {
        (0..<UInt64(count)).map { number in
            var mixed = (seed << 32 | number) &* 0x9E37_79B9_7F4A_7C15
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    private static func candidates(_ hashes: [UInt64], _ filter: borrowing HashFilter) -> Int {
        var count = 0
        hashes.withUnsafeBufferPointer { filter.candidates($0) { _ in count += 1 } }
        return count
    }

    @Test(
        "a full layer says yes wrongly for at most 1 key in 1,000, and no wrongly for none",
        arguments: [1, 2]
    )
    func falsePositives(layers: Int) {
        let layerKeys = 1 << 19
        let held = Self.hashes(layerKeys * (1 << layers - 1), seed: 1)
        var filter = HashFilter(firstKeys: layerKeys)
        held.withUnsafeBufferPointer { filter.insert($0) }
        #expect(Self.candidates(held, filter) == held.count)
        let others = Self.hashes(1_000_000, seed: 2)
        #expect(Self.candidates(others, filter) <= 1_000 * layers)
    }
}
