import Dates
import ServiceStore
import Storage
import Testing

@Suite("The lease of a piece of work")
struct WorkLeaseTests {
    @Test(
        "Another instance has it only after the first has been silent for its time",
        arguments: [
            (0, false), (WorkLease.length.longest - 1, false), (WorkLease.length.longest, true),
        ] as [(Int64, Bool)]
    )
    func takesOver(after silence: Int64, passes: Bool) async throws {
        try await withStore(WorkLease.table) { (store: Store) async throws in
            let first = WorkLease("work", owner: "first", store: store)
            let second = WorkLease("work", owner: "second", store: store)
            let start: Int64 = 1_000_000
            #expect(try await first.isHeld(at: start))
            #expect(try await second.isHeld(at: start + silence) == passes)
            let late = start + WorkLease.length.longest
            #expect(try await first.isHeld(at: late) == !passes)
            #expect(try await WorkLease("other", owner: "x", store: store).isHeld(at: start))
        }
    }

    @Test("At the start of an exclusive store every other owner's lease ends")
    func endsOthers() async throws {
        try await withStore(WorkLease.table) { (store: Store) async throws in
            #expect(try await WorkLease("work", owner: "dead", store: store).isHeld(at: 1_000))
            let next = WorkLease("work", owner: "next", store: store)
            #expect(try await !next.isHeld(at: 1_000))
            try await WorkLease.endOthers(than: "next", in: store)
            #expect(try await next.isHeld(at: 1_000) == store.isExclusive)
        }
    }
}
