import LedgerRules
import Protocol
import Storage
import Testing

@testable import Bookkeeping

@Suite("A full disk")
struct FullDiskTests {
    /// Lets the database grow by so many pages only.
    private func allow(pages: Int64, _ test: TestLedger) async throws {
        let held = try await test.integer("PRAGMA page_count")
        _ = try await test.ledger.store.write { transaction in
            try transaction.first("PRAGMA max_page_count = \(held + pages)") { $0.int64(0) }
        }
    }

    @Test("D-02: a set that meets a full disk leaves memory and store as they were")
    func fullDisk() async throws {
        let test = try await TestLedger.make()
        try await test.post(TestSet([.init(id: "0")]))
        let before = try await test.dump()
        try await allow(pages: 2, test)
        let large = TestSet((0..<3_000).map { .init(amount: 1, id: "L\($0)") })
        await #expect(throws: StoreError.full) { try await test.post(large, id: 50) }
        #expect(try await test.dump() == before)
        try await allow(pages: 100_000, test)
        #expect(try await test.post(large, id: 50).transactionsLoaded == 3_000)
        #expect(try await test.balance("99999") == 119_800 + 3_000)
        try await LedgerSums.check(test)
    }

    @Test("D-02: sets that shared the lost commit are posted once when they come again")
    func lostGroup() async throws {
        let test = try await TestLedger.make()
        try await allow(pages: 3, test)
        let sets = (0..<120).map { number in
            TestSet(
                (0..<(number == 60 ? 3_000 : 1)).map { .init(amount: 1, id: "\(number)-\($0)") }
            )
        }
        let first = await postAll(sets, test)
        #expect(first.contains(false))
        try await LedgerSums.check(test)
        try await allow(pages: 100_000, test)
        let second = await postAll(sets, test)
        #expect(!second.contains(false))
        #expect(try await test.balance("99999") == 119 + 3_000)
        try await LedgerSums.check(test)
        #expect(try await test.ledger.trialBalance().difference == WideTotal())
    }

    /// Posts all sets at once under ids of their own; whether each was posted, else its disk was full.
    private func postAll(_ sets: [TestSet], _ test: TestLedger) async -> [Bool] {
        await withTaskGroup(of: Bool.self) { group in
            for (number, set) in sets.enumerated() {
                group.addTask {
                    do {
                        _ = try await test.post(set, id: Int64(number + 1))
                        return true
                    } catch {
                        #expect(error as? StoreError == .full)
                        return false
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }
}
