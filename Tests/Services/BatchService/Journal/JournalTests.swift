import BatchRules
import Identity
import JSON
import NIOCore
import PaymentBatches
import Protocol
import Storage
import Testing

@Suite("Journal runs")
struct JournalTests {
    private static func start(
        _ bench: WorkBench,
        _ batches: [Int64],
        more: String = "",
        as caller: PaymentCaller = WorkBench.clerk
    ) async throws -> Answer {
        let ids = batches.map(String.init).joined(separator: ",")
        return try await start(bench, body: #"{"batch_ids":[\#(ids)]\#(more)}"#, as: caller)
    }

    private static func start(
        _ bench: WorkBench,
        body: String,
        as caller: PaymentCaller = WorkBench.clerk
    ) async throws -> Answer {
        let starting = JournalStarting(bench.parts) { bench.worker.wake() }
        let keyed = try PaymentBench.keyed(caller, "batch.journal.post", body)
        return Answer(try await starting.post(Array(body.utf8), by: keyed))
    }

    private static func run(_ bench: WorkBench, _ id: Int64) async throws -> Answer {
        let body = Array(#"{"run_id":"\#(id)"}"#.utf8)
        return Answer(bytes: try await JournalReading(bench.parts).run(body))
    }

    private static func batch(_ bench: WorkBench, _ id: Int64) async throws -> BatchRow {
        try await bench.store.read { try #require(try BatchRow.load(id, in: $0)) }
    }

    /// Lets time pass and the worker look until the run has ended.
    private static func finish(_ bench: WorkBench, _ id: Int64) async throws -> Answer {
        for _ in 0..<50 {
            _ = try await bench.worker.scan()
            let run = try await run(bench, id)
            if run.status != "Running" { return run }
            bench.clock.advance(milliseconds: 1_000)
        }
        return try await run(bench, id)
    }

    private static func expectPosted(
        _ bench: WorkBench,
        _ runID: Int64,
        _ batches: [Int64]
    ) async throws {
        let run = try await run(bench, runID)
        #expect(run.status == "Posted")
        for id in batches {
            let row = try await batch(bench, id)
            #expect(row.machine.status == .posted)
            #expect(row.machine.lockOwner == nil)
            #expect(row.journalID == run.number("journal_id"))
            #expect(row.glPeriod == "2027/01")
            #expect(row.postedBy == "vendor")
            #expect(bench.books.fed[id] == 1, "batch \(id) is fed once")
        }
    }

    // MARK: Posting

    @Test("released batches are posted, with their journal")
    func posts() async throws {
        let bench = try await WorkBench()
        let batches = [
            try await bench.released("A", payments: 2), try await bench.released("B", payments: 3),
        ]
        try await bench.deliver()
        let started = try await Self.start(bench, batches)
        #expect(started.status == "Running")
        for id in batches {
            let row = try await Self.batch(bench, id)
            #expect(row.machine.status == .postInProgress)
            #expect(row.machine.lockOwner == "vendor")
        }
        let id = started.number("run_id")
        let run = try await Self.finish(bench, id)
        try await Self.expectPosted(bench, id, batches)
        #expect(run.number("count") == 5)
        #expect(run.text("total") == "50.0")
        #expect(run.list("lines").map { $0.text("gl_account") } == ["CASH", "RECEIVABLE"])
        #expect(run.list("lines").first?.text("debit") == "50.0")
        #expect(run.list("batches").map { $0.number("batch_id") } == batches)
        #expect(run.text("error") == "null")
        #expect(run.text("gl_effective_date") == "2027-01-15")
        #expect(bench.delivery.wakes > 0)
    }

    @Test("a proof lists and changes nothing, whatever is locked meanwhile")
    func proof() async throws {
        let bench = try await WorkBench()
        let batch = try await bench.released()
        try await bench.deliver()
        let started = try await Self.start(bench, [batch], more: #","proof":true"#)
        #expect(try await Self.batch(bench, batch).machine.status == .released)
        let run = try await Self.finish(bench, started.number("run_id"))
        #expect(run.status == "Posted")
        #expect(run.text("proof") == "true")
        #expect(run.text("journal_id") == "null")
        #expect(run.list("lines").count == 2)
        #expect(try await Self.batch(bench, batch).machine.status == .released)
        #expect(bench.books.fed.isEmpty)
    }

    @Test("operations on their way are waited for")
    func incomplete() async throws {
        let bench = try await WorkBench()
        let batch = try await bench.released()
        let id = try await Self.start(bench, [batch]).number("run_id")
        _ = try await bench.worker.scan()
        #expect(try await Self.run(bench, id).status == "Running")
        #expect(try await Self.batch(bench, batch).machine.status == .postInProgress)
        try await bench.deliver()
        _ = try await Self.finish(bench, id)
        try await Self.expectPosted(bench, id, [batch])
    }

    @Test("a closed period fails the run and gives the batches back; opened, they are posted once")
    func closedPeriod() async throws {
        let bench = try await WorkBench()
        let batch = try await bench.released()
        try await bench.deliver()
        bench.books.closePeriod(true)
        let id = try await Self.start(bench, [batch]).number("run_id")
        let run = try await Self.finish(bench, id)
        #expect(run.status == "Failed")
        #expect(run.node["error"]?["reason"] == .string("period_closed"))
        let row = try await Self.batch(bench, batch)
        #expect(row.machine.status == .released)
        #expect(row.machine.lockOwner == nil)
        #expect(row.journalRunID == nil)
        bench.books.closePeriod(false)
        let again = try await Self.start(bench, [batch]).number("run_id")
        _ = try await Self.finish(bench, again)
        try await Self.expectPosted(bench, again, [batch])
    }

    @Test("an overridden period is told to the ledger")
    func override() async throws {
        let bench = try await WorkBench()
        let batch = try await bench.released()
        try await bench.deliver()
        bench.books.closePeriod(true)
        var caller = WorkBench.clerk
        await expectForbidden("period_override") {
            try await Self.start(bench, [batch], more: #","override_period":true"#)
        }
        caller.role.overridesGLPeriods = true
        let id = try await Self.start(
            bench,
            [batch],
            more: #","override_period":true,"gl_effective_date":"2026-12-31""#,
            as: caller
        ).number("run_id")
        _ = try await Self.finish(bench, id)
        try await Self.expectPosted(bench, id, [batch])
        #expect(bench.books.journalCalls.last?.glDate == 20_818)
    }

    // MARK: Crashes

    enum Crash: String, CaseIterable, Sendable {
        case afterStart, beforeLedger, afterLedger
    }

    @Test("a crash between any two steps posts once and leaves no lock", arguments: Crash.allCases)
    func crash(_ crash: Crash) async throws {
        let bench = try await WorkBench()
        let batches = [try await bench.released("A"), try await bench.released("B")]
        try await bench.deliver()
        let id = try await Self.start(bench, batches).number("run_id")
        var working: Task<Int64?, any Error>?
        switch crash {
        case .afterStart: break
        case .beforeLedger: bench.books.script(.hangBefore)
        case .afterLedger: bench.books.script(.hangAfter)
        }
        if crash != .afterStart {
            working = Task { try await bench.worker.scan() }
            try await eventually { bench.books.isWaiting }
        }
        let next = try await bench.killed()
        _ = try await Self.finish(next, id)
        bench.books.release()
        if let working { await #expect(throws: (any Error).self) { try await working.value } }
        try await Self.expectPosted(next, id, batches)
        #expect(
            try await next.number("SELECT COUNT(*) FROM payment_batch WHERE lock_owner IS NOT NULL")
                == 0
        )
    }

    @Test("where others may have the store, a start leaves their run alone until the lease ends")
    func sharedStore() async throws {
        let bench = try await WorkBench(isExclusive: false)
        let batch = try await bench.released()
        try await bench.deliver()
        bench.books.script(.hangBefore)
        let id = try await Self.start(bench, [batch]).number("run_id")
        let working = Task { try await bench.worker.scan() }
        try await eventually { bench.books.isWaiting }
        let next = try await bench.killed()
        #expect(try await next.worker.scan() != nil, "the run is held")
        #expect(bench.books.journalCalls.count == 1)
        bench.clock.advance(milliseconds: JournalLimits().leaseMilliseconds)
        _ = try await Self.finish(next, id)
        bench.books.release()
        await #expect(throws: (any Error).self) { try await working.value }
        try await Self.expectPosted(next, id, [batch])
    }

    @Test("a lost reply is healed by asking again")
    func lostReply() async throws {
        let bench = try await WorkBench()
        let batch = try await bench.released()
        try await bench.deliver()
        bench.books.script(.loseReply, .fail(.internal), .fail(.unavailable("Not there.")))
        let id = try await Self.start(bench, [batch]).number("run_id")
        _ = try await Self.finish(bench, id)
        try await Self.expectPosted(bench, id, [batch])
        #expect(bench.books.journalCalls.count == 4)
    }

    @Test("another instance takes over a silent one's run, whose late answer changes nothing")
    func takeover() async throws {
        let bench = try await WorkBench()
        let batch = try await bench.released()
        try await bench.deliver()
        let other = bench.beside().worker
        let id = try await Self.start(bench, [batch]).number("run_id")
        bench.books.script(.hangAfter)
        let working = Task { try await bench.worker.scan() }
        try await eventually { bench.books.isWaiting }
        _ = try await other.scan()
        #expect(try await Self.run(bench, id).status == "Running", "the lease is alive")
        bench.clock.advance(milliseconds: 10_001)
        _ = try await other.scan()
        try await Self.expectPosted(bench, id, [batch])
        let posted = try await Self.batch(bench, batch)
        bench.books.release()
        _ = try await working.value
        #expect(try await Self.batch(bench, batch) == posted)
    }

    @Test("one idempotency key starts one run")
    func keyed() async throws {
        let bench = try await WorkBench()
        let batch = try await bench.released()
        var caller = WorkBench.clerk
        caller.key = PaymentBench.key("k1", of: caller.account)
        let first = try await Self.start(bench, [batch], as: caller)
        let second = try await Self.start(bench, [batch], as: caller)
        #expect(second.isReplay)
        #expect(first.bytes == second.bytes)
        #expect(try await bench.number("SELECT COUNT(*) FROM journal_run") == 1)
    }

    // MARK: Refusals

    @Test("only released batches are posted: 409 names state, action and what is allowed")
    func states() async throws {
        let bench = try await WorkBench()
        let open = try await bench.add("OPEN").batch
        let released = try await bench.released()
        await expectIllegal("post", status: "Open") {
            try await Self.start(bench, [released, open])
        }
        #expect(try await Self.batch(bench, released).machine.status == .released)
        _ = try await Self.start(bench, [released])
        await expectIllegal("post", status: "POST_IN_PROGRESS") {
            try await Self.start(bench, [released])
        }
    }

    @Test("an own-level poster does not post another's batch")
    func coverage() async throws {
        let bench = try await WorkBench()
        let batch = try await bench.released()
        let other = PaymentBench.caller("other", username: "OTHER")
        await expectForbidden("posting_level") {
            try await Self.start(bench, [batch], as: other)
        }
    }

    @Test(
        "a deposit number is asked for where the poster's role needs one",
        arguments: [DepositNumberPolicy.alwaysRequired, .requiredOnPost]
    )
    func depositNumbers(_ policy: DepositNumberPolicy) async throws {
        let bench = try await WorkBench()
        let batches = [try await bench.released("A"), try await bench.released("B")]
        var caller = WorkBench.clerk
        caller.role.depositNumbers = policy
        await expectFaults("rule_broken", ["/batch_ids/0", "/batch_ids/1"]) {
            try await Self.start(bench, batches, as: caller)
        }
    }

    @Test("A-10: content that changed after its release is not posted")
    func changedContent() async throws {
        let bench = try await WorkBench()
        let batch = try await bench.released()
        try await bench.store.write { transaction in
            _ = try transaction.execute(
                "UPDATE payment_batch SET reviewed_hash = ?1 WHERE id = ?2",
                [.blob([1]), .integer(batch)]
            )
        }
        await #expect {
            _ = try await Self.start(bench, [batch])
        } throws: {
            ($0 as? RPCError)?.reason == "content_changed"
        }
        #expect(try await bench.number("SELECT COUNT(*) FROM journal_run") == 0)
    }

    @Test(
        "faults of the request are told at once",
        arguments: [
            (#"{}"#, ["/batch_ids"]),
            (#"{"batch_ids":[]}"#, ["/batch_ids"]),
            (#"{"batch_ids":[1,1],"proof":1,"x":2}"#, ["/batch_ids", "/proof", "/x"]),
            (
                #"{"batch_ids":["a"],"gl_effective_date":"2027-02-30"}"#,
                ["/batch_ids", "/gl_effective_date"]
            ),
        ]
    )
    func faults(_ body: String, _ fields: [String]) async throws {
        let bench = try await WorkBench()
        await expectFaults("invalid_request", fields) { try await Self.start(bench, body: body) }
    }

    @Test("unknown batches are named, each by its place")
    func unknownBatches() async throws {
        let bench = try await WorkBench()
        let batch = try await bench.released()
        await expectFaults("rule_broken", ["/batch_ids/0", "/batch_ids/2"]) {
            try await Self.start(bench, [77, batch, 78])
        }
    }

    @Test("runs are listed newest first, a page at a time, until an empty one")
    func list() async throws {
        let bench = try await WorkBench()
        let batch = try await bench.released()
        for _ in 0..<3 { _ = try await Self.start(bench, [batch], more: #","proof":true"#) }
        let reading = JournalReading(bench.parts)
        let first = try await reading.runs(Array(#"{"pagesize":"2"}"#.utf8), for: "vendor")
        #expect(Answer(bytes: first.body).elements.map { $0.number("run_id") } == [3, 2])
        let key = try #require(first.continuationKey)
        let second = try await reading.runs(
            Array(#"{"pagesize":"2","continuation_key":"\#(key)"}"#.utf8),
            for: "vendor"
        )
        #expect(Answer(bytes: second.body).elements.map { $0.number("run_id") } == [1])
        let end = try #require(second.continuationKey)
        let third = try await reading.runs(
            Array(#"{"pagesize":"2","continuation_key":"\#(end)"}"#.utf8),
            for: "vendor"
        )
        #expect(Answer(bytes: third.body).elements.isEmpty)
        #expect(third.continuationKey == nil)
    }
}
