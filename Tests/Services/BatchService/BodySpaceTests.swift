import Testing

@testable import BatchService

@Suite("The space of body files")
struct BodySpaceTests {
    private static func overlaps(_ one: BodyExtent, _ other: BodyExtent) -> Bool {
        one.file == other.file && one.offset < other.end && other.offset < one.end
    }

    @Test("the last of interleaved bodies to go frees the place of all")
    func interleaved() {
        var space = BodySpace(fileBytes: 1_000)
        let bodies = (0..<3).map { _ in space.allocate(100) }
        for body in bodies { space.release(body) }
        #expect(space.tail == 0)
        #expect(space.holes.isEmpty)
    }

    @Test("a hole is given to the first body that it holds, and its rest to the next")
    func holes() {
        var space = BodySpace(fileBytes: 1_000)
        let bodies = (0..<3).map { _ in space.allocate(100) }
        space.release(bodies[1])
        #expect(space.allocate(101).offset == 300)
        #expect(space.allocate(60).offset == 100)
        #expect(space.allocate(40).offset == 160)
        #expect(space.holes.isEmpty)
    }

    @Test("what is left in a file when the next one begins is free")
    func restOfFile() {
        var space = BodySpace(fileBytes: 1_000)
        _ = space.allocate(900)
        #expect(space.allocate(200) == BodyExtent(file: 2, offset: 0, count: 200))
        #expect(space.allocate(100) == BodyExtent(file: 1, offset: 900, count: 100))
    }

    @Test("a body that is larger than a file has one of its own")
    func largerThanFile() {
        var space = BodySpace(fileBytes: 1_000)
        #expect(space.allocate(3_000) == BodyExtent(file: 1, offset: 0, count: 3_000))
        #expect(space.allocate(1) == BodyExtent(file: 2, offset: 0, count: 1))
    }

    @Test("no byte is given twice, and nothing is lost, in any order", arguments: 1...10)
    func randomly(seed: UInt64) {
        var random = SplitMix(state: seed)
        var space = BodySpace(fileBytes: 1_000)
        var live: [BodyExtent] = []
        var faults = 0
        for step in 0..<1_000 {
            if live.isEmpty || random.next() % 5 < (step < 500 ? 3 : 2) {
                let body = space.allocate(Int(random.next() % 300) + 1)
                faults += live.count { Self.overlaps($0, body) }
                live.append(body)
            } else {
                space.release(live.remove(at: Int(random.next() % UInt64(live.count))))
            }
            for hole in space.holes { faults += live.count { Self.overlaps($0, hole) } }
            if random.next() % 200 == 0 {
                // As the next process finds it.
                live.sort { ($0.file, $0.offset) < ($1.file, $1.offset) }
                let again = BodySpace(fileBytes: 1_000, used: live)
                #expect(again.file < space.file || again.holes == space.holes)
                space = again
            }
        }
        for body in live { space.release(body) }
        #expect(faults == 0)
        #expect(space.tail == 0)
        #expect(space.holes.map(\.count) == Array(repeating: 1_000, count: space.file - 1))
    }
}

private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
