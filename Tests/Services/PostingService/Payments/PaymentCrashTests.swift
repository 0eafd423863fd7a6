import FoundationEssentials
import Protocol
import Storage
import Testing

@testable import Bookkeeping

@Suite("Payments through crashes, full disks and upgrades")
struct PaymentCrashTests {
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

    /// Operations of one batch: payments, of which some are withdrawn, and a charge.
    private static func group(_ batch: Int64) -> [PaymentOperation] {
        let accounts = ["99999", "73491", "33970N"]
        var operations = (0..<30).map { index in
            PaymentOperation.test(
                batch * 100 + Int64(index),
                batch: batch,
                account: accounts[index % 3],
                amount: batch * 7 + Int64(index)
            )
        }
        for index in [4, 17] {
            var undo = operations[index]
            undo.kind = .withdraw
            operations.append(undo)
        }
        operations.append(
            .test(batch * 100, .charge, batch: batch, amount: 2_500, code: "A484")
        )
        return operations
    }

    private static func expected(
        _ batch: Int64
    ) -> (id: Int64, operations: Int64, total: Int64) {
        let all = group(batch).filter { $0.kind != .charge }
        let total = all.reduce(Int64(0)) {
            $1.kind == .record ? $0 + $1.amountMinorUnits : $0 - $1.amountMinorUnits
        }
        return (batch, Int64(all.count), total)
    }

    @Test("C-01, C-03: a crash between any two groups or runs loses and doubles nothing")
    func betweenTransactions() async throws {
        let test = try await TestLedger.make()
        var answers: [[Int64]] = []
        var journals: [PostedJournal] = []
        for batch in 1...Int64(30) {
            answers.append(try await test.ledger.apply(Self.group(batch)).entryIDs)
            if batch % 4 == 0 {
                journals.append(
                    try await test.postJournal(
                        run: batch,
                        [Self.expected(batch - 1), Self.expected(batch)]
                    )
                )
            }
            guard batch % 5 == 0 else { continue }
            let (folder, copy) = (test.folder, test.folder + "/crash-\(batch)")
            try await test.ledger.store.write { _ in try Self.copyFiles(of: folder, to: copy) }
            let left = try await TestLedger.attach(to: copy)
            try await PaymentSums.check(left)
            let before = try await left.dumpAll()
            for (index, answer) in answers.enumerated() {
                let group = Self.group(Int64(index + 1))
                #expect(try await left.ledger.apply(group).entryIDs == answer)
            }
            for (index, journal) in journals.enumerated() {
                let run = Int64(index + 1) * 4
                let again = try await left.postJournal(
                    run: run,
                    [Self.expected(run - 1), Self.expected(run)]
                )
                #expect(again == journal)
            }
            #expect(try await left.dumpAll() == before)
            await left.ledger.close()
        }
        try await PaymentSums.check(test)
    }

    @Test("C-02: a crash before the commit leaves nothing of a group or of a run")
    func beforeCommit() async throws {
        let test = try await TestLedger.make()
        _ = try await test.ledger.apply(Self.group(1))
        let before = try await test.dumpAll()
        let folder = test.folder
        try await test.ledger.write { transaction, books in
            var application = PaymentApplication(books)
            for operation in Self.group(2) {
                _ = try application.book(operation, in: transaction)
            }
            try application.finish(in: transaction)
            try Self.copyFiles(of: folder, to: folder + "/crash-1")
        }
        try await test.ledger.write { transaction, books in
            let request = PostJournal(
                runID: 1,
                isProof: false,
                batches: [1, 2].map(Self.expected).map {
                    .init(batchID: $0.id, operations: $0.operations, totalMinorUnits: $0.total)
                },
                glDate: day,
                overridesPeriod: false
            )
            _ = try JournalPosting(request, books).post(in: transaction)
            try Self.copyFiles(of: folder, to: folder + "/crash-2")
        }
        let first = try await TestLedger.attach(to: folder + "/crash-1")
        #expect(try await first.dumpAll() == before)
        _ = try await first.ledger.apply(Self.group(2))
        await first.ledger.close()
        let second = try await TestLedger.attach(to: folder + "/crash-2")
        #expect(try await second.integer("SELECT COUNT(*) FROM fed_batch") == 0)
        let journal = try await second.postJournal(run: 1, [1, 2].map(Self.expected))
        #expect(journal.journalID == 3)
        try await PaymentSums.check(second)
        await second.ledger.close()
        try await PaymentSums.check(test)
    }

    @Test("D-02: a group that meets a full disk leaves memory and store as they were")
    func fullDisk() async throws {
        let test = try await TestLedger.make()
        try await test.apply(.test(1))
        let before = try await test.dumpAll()
        func allow(pages: Int64) async throws {
            let held = try await test.integer("PRAGMA page_count")
            _ = try await test.ledger.store.write { transaction in
                try transaction.first("PRAGMA max_page_count = \(held + pages)") { $0.int64(0) }
            }
        }
        try await allow(pages: 1)
        let large = (2...2_000).map { PaymentOperation.test($0) }
        await #expect(throws: StoreError.full) { try await test.ledger.apply(large) }
        #expect(try await test.dumpAll() == before)
        try await allow(pages: 100_000)
        _ = try await test.ledger.apply(large)
        #expect(try await test.balance("99999") == -2_000 * 10_000)
        try await PaymentSums.check(test)
    }

    @Test("M-07: a ledger from before payments takes them after its upgrade")
    func upgrade() async throws {
        let test = try await TestLedger.make()
        let folder = test.folder + "/old"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        let store = try Store.open(
            engine: .sqlite(path: folder + "/posting.db", options: LedgerSchema.options),
            migrations: Array(LedgerSchema.migrations.prefix(3))
        )
        await store.close()
        let upgraded = try await TestLedger.attach(to: folder)
        _ = try await upgraded.importAccounts(TestLedger.accounts)
        #expect(try await upgraded.apply(.test(1)) == [1])
        #expect(try await upgraded.postJournal(run: 1, [(1, 1, 10_000)]).journalID == 1)
        await upgraded.ledger.close()
    }
}
