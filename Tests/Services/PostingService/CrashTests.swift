import FoundationEssentials
import NIOCore
import Protocol
import Storage
import Testing

@testable import Bookkeeping

@Suite("Crashes at any moment")
struct CrashTests {
    /// Copies the store's files as they are while its writer stands still: what a process leaves
    /// behind that is killed at this moment.
    private static func copyFiles(of folder: String, to copy: String) throws {
        let files = FileManager.default
        try files.createDirectory(atPath: copy, withIntermediateDirectories: true)
        for name in try files.contentsOfDirectory(atPath: folder)
        where name.hasPrefix("posting.db") && !name.hasSuffix("-shm") {
            try files.copyItem(atPath: folder + "/" + name, toPath: copy + "/" + name)
        }
    }

    private struct SentSet {
        var id: Int64
        var set: TestSet
        var result: PostSetResult
    }

    /// Opens what was left behind and sends everything again: all that was acknowledged is there
    /// once, with its first result.
    private func check(_ folder: String, _ sent: [SentSet]) async throws {
        let test = try await TestLedger.attach(to: folder)
        try await LedgerSums.check(test)
        let before = try await test.dump(without: ["dup_run", "dup_run_dir"])
        for old in sent {
            #expect(try await test.post(old.set, id: old.id) == old.result)
        }
        #expect(try await test.dump(without: ["dup_run", "dup_run_dir"]) == before)
        for old in sent.suffix(5) {
            let again = try await test.post(old.set, id: old.id + 10_000)
            #expect(again.transactionsLoaded == 0)
        }
        await test.ledger.close()
    }

    @Test("C-01, C-03: a crash between any two sets or slices loses and doubles nothing")
    func betweenTransactions() async throws {
        let test = try await TestLedger.make()
        var generator = SeededGenerator(seed: 99)
        var sent: [SentSet] = []
        for id in 1...Int64(90) {
            let size = Int(generator.next() % 180) + 1
            let rows = (0..<size).map { row in
                TestSet.Row(
                    account: row % 3 == 0 ? "73491" : "99999",
                    code: row % 7 == 0 ? "PMT1" : "A484",
                    amount: Int64(generator.next() % 5_000),
                    id: "\(generator.next() % 20_000)"
                )
            }
            let set = TestSet(rows)
            sent.append(SentSet(id: id, set: set, result: try await test.post(set, id: id)))
            guard id % 6 == 0 else { continue }
            let (folder, copy) = (test.folder, test.folder + "/crash-\(id)")
            try await test.ledger.store.write { _ in try Self.copyFiles(of: folder, to: copy) }
            try await check(copy, sent)
        }
    }

    @Test("C-02: a crash before the commit leaves nothing of the set, and it posts when sent again")
    func beforeCommit() async throws {
        let test = try await TestLedger.make()
        try await test.post(TestSet([.init(id: "1")]), id: 1)
        let before = try await test.dump()
        let (folder, copy) = (test.folder, test.folder + "/crash")
        let set = TestSet((0..<2_000).map { .init(amount: 1, id: "x\($0)") })
        let parameters = PostSetParameters(
            setID: 2,
            commitPolicy: .perTransaction,
            digest: TestLedger.digest(of: set.json),
            attempt: 1
        )
        let workspace = SetWorkspace(maximumBytes: 1 << 20)
        #expect(workspace.append(.init(string: set.json)))
        let read = ReadSet(workspace)
        try await test.ledger.write { transaction, books in
            let posting = SetPosting(
                parameters: parameters,
                digest: try SetDigest.bytes(parameters.digest),
                progress: nil,
                sourceIsKnown: { _ in true }
            )
            _ = try posting.post(read.outcome, books, in: transaction)
            try Self.copyFiles(of: folder, to: copy)
        }
        let left = try await TestLedger.attach(to: copy)
        #expect(try await left.dump() == before)
        #expect(try await left.post(set, id: 2).transactionsLoaded == 2_000)
        try await LedgerSums.check(left)
        await left.ledger.close()
    }

    @Test("C-14: a second ledger on the same file is refused")
    func secondProcess() async throws {
        let test = try await TestLedger.make()
        await #expect(throws: (any Error).self) { try await TestLedger.attach(to: test.folder) }
        #expect(try await test.balance("99999") == 0)
    }

    @Test("T-07: a thousand sets at once on one account add up exactly")
    func hotAccount() async throws {
        let test = try await TestLedger.make()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<50 {
                group.addTask {
                    for number in 0..<20 {
                        let id = Int64(worker * 20 + number + 1)
                        let set = TestSet([.init(amount: id, id: "h\(id)")])
                        try await test.post(set, id: id)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await test.balance("99999") == 500_500)
        try await LedgerSums.check(test)
    }
}
