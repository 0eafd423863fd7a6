import Dates
import Testing

@Suite("A wait whose end is stored outlasts no clock that goes back")
struct BoundedWaitTests {
    @Test(
        "An end is awaited within the longest wait only",
        arguments: [
            (1_000, true), (1_001, false), (1_100, false), (1_101, true), (3_600_000, true),
            (Int64.max, true),
        ] as [(Int64, Bool)]
    )
    func bounds(end: Int64, isOver: Bool) {
        #expect(BoundedWait(longest: 100).isOver(end, at: 1_000) == isOver)
    }

    @Test("At every moment after a change of the clock, the rest is at most one wait")
    func anyChange() {
        let wait = BoundedWait(longest: 100)
        for change: Int64 in stride(from: -10_000, through: 10_000, by: 7) {
            let end = wait.horizon(at: 50_000)
            let over = (0...100).first { wait.isOver(end, at: 50_000 + change + $0) }
            #expect(over != nil, "the clock moved by \(change)")
        }
    }
}
