import Protocol
import Testing

@testable import Bookkeeping

@Suite("Trials and repeated sets")
struct TrialTests {
    private let rows: [TestSet.Row] = [
        .init(id: "1"), .init(code: "AX84", id: "2"), .init(account: "73491", id: "1"),
        .init(code: "PMT1", amount: 5_000, id: "3"),
    ]

    @Test("1.6-4: a TRIAL leaves every table as it was and says what a COMMIT would")
    func trialLeavesNoTrace() async throws {
        let test = try await TestLedger.make()
        try await test.post(TestSet([.init(id: "0")]))
        let before = try await test.dump()
        let trials = [
            try await test.post(TestSet(rows, isTrial: true)),
            try await test.post(TestSet(rows, isTrial: true)),
            try await test.post(TestSet(rows, isTrial: true, source: "NEVER_SEEN")),
        ]
        #expect(try await test.dump() == before)
        let commit = try await test.post(TestSet(rows))
        for trial in trials { #expect(trial == commit) }
        #expect(commit.transactionsLoaded == 2)
        let failures = commit.failures.map(\.message)
        #expect(
            failures == ["Invalid detail code: AX84", "Duplicate source transaction id: 1"]
        )
    }

    @Test("D3: a TRIAL meets what was committed, and trials never meet each other")
    func trialSeesCommitted() async throws {
        let test = try await TestLedger.make()
        try await test.post(TestSet([.init(id: "1")]))
        for _ in 0..<2 {
            let trial = try await test.post(
                TestSet([.init(id: "1"), .init(id: "2")], isTrial: true)
            )
            #expect(
                trial.failures
                    == [PostingFailure(index: 0, message: "Duplicate source transaction id: 1")]
            )
        }
    }

    @Test("C-03: the same set id and body gives the first result and posts nothing again")
    func sameSetAgain() async throws {
        let test = try await TestLedger.make()
        let first = try await test.post(TestSet(rows), id: 5)
        let before = try await test.dump()
        #expect(try await test.post(TestSet(rows), id: 5) == first)
        try await test.reopen()
        #expect(try await test.post(TestSet(rows), id: 5) == first)
        #expect(try await test.dump() == before)
    }

    @Test("T-02: the same set id with another body is refused, the first result stays")
    func otherBody() async throws {
        let test = try await TestLedger.make()
        let first = try await test.post(TestSet(rows), id: 5)
        let thrown = await #expect(throws: RPCError.self) {
            try await test.post(TestSet([.init(id: "9")]), id: 5)
        }
        #expect(thrown?.status == .failedPrecondition)
        #expect(thrown?.reason == "key_reused")
        #expect(try await test.post(TestSet(rows), id: 5) == first)
        #expect(try await test.integer("SELECT COUNT(*) FROM entry") == 2)
    }

    @Test("M-05: a refused set stays refused under its id, whatever is imported later")
    func refusedStaysRefused() async throws {
        let test = try await TestLedger.make()
        let set = TestSet([.init(account: "55555", id: "1")])
        let first = try await test.post(set, id: 5, policy: .allOrNothing)
        #expect(first.transactionsLoaded == 0)
        _ = try await test.importAccounts("account_id,name\n55555,New\n")
        #expect(try await test.post(set, id: 5) == first)
        #expect(try await test.balance("55555") == 0)
        #expect(try await test.post(set, id: 6).transactionsLoaded == 1)
    }

    @Test("M-09: a whole day sent again under new ids posts nothing")
    func replayedDay() async throws {
        let test = try await TestLedger.make()
        let day = (0..<40).map { batch in
            TestSet(
                (0..<60).map { .init(amount: Int64($0 + 1), id: "day-\(batch)-\($0)") },
                source: batch % 2 == 0 ? "SYSTEM_XYZ" : "SYSTEM_ABC"
            )
        }
        for set in day { #expect(try await test.post(set).transactionsLoaded == 60) }
        let before = try await test.dump(without: ["posting", "dup_run", "dup_run_dir"])
        for set in day {
            let again = try await test.post(set)
            #expect(again.transactionsLoaded == 0)
            #expect(again.failures.count == 60)
        }
        #expect(try await test.dump(without: ["posting", "dup_run", "dup_run_dir"]) == before)
    }

    @Test("T-03, A1-11: an id twice in one set loads once, the second is a duplicate")
    func twiceInOneSet() async throws {
        let test = try await TestLedger.make()
        let result = try await test.post(
            TestSet([
                .init(code: "AX84", id: "x"), .init(id: "x"), .init(id: "y"), .init(id: "x"),
                .init(amount: 0, id: "x"), .init(id: "x"),
            ])
        )
        #expect(result.transactionsLoaded == 2)
        #expect(
            result.failures.map(\.message) == [
                "Invalid detail code: AX84", "Duplicate source transaction id: x",
                "Invalid amount: 0.00", "Duplicate source transaction id: x",
            ]
        )
        #expect(result.failures.map(\.index) == [0, 3, 4, 5])
    }

    @Test("T-04: the same id of two sources is two transactions")
    func otherSource() async throws {
        let test = try await TestLedger.make()
        for source in ["SYSTEM_XYZ", "SYSTEM_ABC"] {
            let result = try await test.post(TestSet([.init(id: "1")], source: source))
            #expect(result.transactionsLoaded == 1)
        }
    }

    @Test("A1-10: sending only the corrected ones again works")
    func corrected() async throws {
        let test = try await TestLedger.make()
        try await test.post(TestSet([.init(id: "1"), .init(code: "AX84", id: "2")]))
        let again = try await test.post(TestSet([.init(code: "A484", id: "2")]))
        #expect(again.transactionsLoaded == 1)
    }
}
