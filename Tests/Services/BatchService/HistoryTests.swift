import BatchRules
import BatchService
import Identity
import Protocol
import Testing

@Suite("The history of posting sets")
struct HistoryTests {
    /// Four finished sets of two sources, and one that is not done.
    private static func bench() async throws -> Bench {
        let bench = try await Bench()
        func add(_ set: SampleSet, _ result: PostSetResult, as who: Principal) async throws {
            bench.posting.script(.result(result))
            let acceptance = try await bench.submit(set, as: who)
            _ = try await bench.finish(acceptance.taskID)
            bench.clock.advance(milliseconds: 86_400_000)
        }
        let whole = PostSetResult(transactionsLoaded: 2, failures: [])
        let owner = Bench.principal()
        try await add(.seed, whole, as: owner)
        var second = SampleSet.seed
        second.sourceBatchID = "B2"
        second.postingType = "COMMIT"
        second.batchName = "other"
        second.accountingDate = "2018-03-01"
        try await add(
            second,
            PostSetResult(
                transactionsLoaded: 1,
                failures: [PostingFailure(index: 1, message: "Invalid detail code: ABC123")]
            ),
            as: owner
        )
        var third = SampleSet()
        third.rows[0].id = "WO-3"
        third.rows[0].account = "\"33970n\""
        try await add(third, PostSetResult(transactionsLoaded: 1, failures: []), as: owner)
        var foreign = SampleSet.seed
        foreign.sourceName = "SYSTEM_ABC"
        try await add(foreign, whole, as: Bench.principal("abc", sources: ["SYSTEM_ABC"]))
        bench.posting.script(.hang)
        try await bench.submit()
        try await eventually { bench.posting.isWaiting }
        return bench
    }

    private static func ask(
        _ bench: Bench,
        _ filters: [String: [String]] = [:],
        size: String? = nil,
        key: String? = nil,
        as caller: Principal = Bench.principal()
    ) async throws -> HistoryPage {
        try await bench.history.page(
            HistoryRequest(filters: filters, pageSize: size, continuationKey: key),
            for: caller,
            at: bench.clock.now
        )
    }

    @Test("A1-22, S1-28: finished sets of the caller's sources, newest first")
    func visible() async throws {
        let bench = try await Self.bench()
        let page = try await Self.ask(bench)
        #expect(page.setIDs == [3, 2, 1])
        #expect(page.count == 3)
        let auditor = Bench.principal("auditor", sources: [], scopes: [.auditRead])
        #expect(try await Self.ask(bench, as: auditor).setIDs == [4, 3, 2, 1])
        let nobody = Bench.principal("nobody", sources: [])
        #expect(try await Self.ask(bench, as: nobody).setIDs == [])
    }

    @Test(
        "S1-27: each filter finds what it names",
        arguments: [
            ("source_name", ["SYSTEM_XYZ"], [3, 2, 1]), ("source_name", ["SYSTEM_ABC"], []),
            ("source_name", ["NO", "SYSTEM_XYZ", "SYSTEM_ABC"], [3, 2, 1]),
            ("source_batch_id", ["B2"], [2]), ("batch_id", ["2"], [2]), ("batch_id", ["4"], []),
            ("status", ["success"], [3, 1]), ("status", ["failure"], [2]), ("status", ["odd"], []),
            ("billing_type", ["BANNER"], [3, 2, 1]), ("posting_type", ["COMMIT"], [2]),
            ("batch_name", ["other"], [2]), ("record_count", ["2"], [2, 1]),
            ("record_count", ["1.0"], [3]), ("total_amount", ["7797.94"], [2, 1]),
            ("total_amount", ["1198"], [3]), ("transactions_loaded", ["1"], [3, 2]),
            ("accounting_date", ["2018-02-01"], [3, 1]), ("accounting_date", ["2018-03-01"], [2]),
            ("accounting_date", ["2018-02-01T04:00:00.000Z"], [3, 1]),
            ("accounting_date", ["2018-01-31T23:00:00-05:00"], [3, 1]),
            ("submit_date", ["2027-01-15"], [1]), ("submit_date", ["2027-01-16"], [2]),
            ("submit_date", ["2027-01-15T08:00:00Z"], [1]),
            ("submit_date", ["2027-01-15T08:00:01Z"], []),
            ("failures", ["WO12AAAA"], [2]), ("failures", ["73491"], [2]),
            ("failures", ["Invalid detail code: ABC123"], [2]), ("failures", ["WO12345"], []),
            ("transactions", ["WO-3"], [3]), ("transactions", ["33970N"], [3]),
            ("transactions", ["99999"], [2, 1]), ("transactions", ["[]"], [3, 2, 1]),
            ("colour", ["red"], [3, 2, 1]),
        ] as [(String, [String], [Int64])]
    )
    func filters(name: String, values: [String], found: [Int64]) async throws {
        let bench = try await Self.bench()
        let page = try await Self.ask(bench, [name: values])
        #expect(page.setIDs == found)
        #expect(page.count == Int64(found.count))
    }

    @Test("A1-16: a wrong type is refused with the filter's name")
    func wrongType() async throws {
        let bench = try await Bench()
        do {
            _ = try await Self.ask(bench, ["record_count": ["two"], "submit_date": ["never"]])
            Issue.record("was accepted")
        } catch let error as RPCError {
            #expect(error.status == .invalidArgument)
            #expect(error.details.map(\.field) == ["/record_count", "/submit_date"])
        }
    }

    @Test("T-09: pages stay in their found set while more is posted")
    func paging() async throws {
        let bench = try await Self.bench()
        let first = try await Self.ask(bench, size: "2")
        #expect(first.setIDs == [3, 2])
        bench.posting.release()
        let late = try await bench.submit()
        _ = try await bench.finish(late.taskID)
        let second = try await Self.ask(bench, key: first.continuationKey)
        #expect(second.setIDs == [1])
        #expect(second.count == 3)
        let third = try await Self.ask(bench, key: second.continuationKey)
        #expect(third.setIDs == [])
        #expect(try await Self.ask(bench).setIDs == [6, 5, 3, 2, 1])
    }

    @Test("a set that finishes later does not slip into an older found set")
    func lateFinish() async throws {
        let bench = try await Self.bench()
        let first = try await Self.ask(bench, size: "1")
        bench.posting.release()
        try await bench.settle()
        let all = try await Self.ask(bench, size: "10", key: first.continuationKey)
        #expect(all.setIDs == [2, 1])
    }

    @Test("pages of filters that look into bodies count and go on alike")
    func bodyPaging() async throws {
        let bench = try await Self.bench()
        let filters = ["transactions": ["99999"]]
        let first = try await Self.ask(bench, filters, size: "1")
        #expect(first.setIDs == [2])
        #expect(first.count == 2)
        let second = try await Self.ask(bench, filters, key: first.continuationKey)
        #expect(second.setIDs == [1])
        #expect(second.count == 2)
    }

    @Test("a continuation belongs to its caller, its filters and its twelve hours")
    func continuationRules() async throws {
        let bench = try await Self.bench()
        let page = try await Self.ask(bench, ["status": ["success"]], size: "1")
        let key = page.continuationKey
        #expect(try await Self.ask(bench, key: key).setIDs == [1])
        #expect(try await Self.ask(bench, ["status": ["success"]], key: key).setIDs == [1])
        await #expect(throws: RPCError.self) {
            try await Self.ask(bench, ["status": ["failure"]], key: key)
        }
        await #expect(throws: RPCError.self) {
            try await Self.ask(bench, key: key, as: Bench.principal("other"))
        }
        await #expect(throws: RPCError.self) {
            try await Self.ask(bench, key: "B" + key.dropFirst())
        }
        bench.clock.advance(milliseconds: 12 * 3_600_000)
        await #expect(throws: RPCError.self) { try await Self.ask(bench, key: key) }
    }

    @Test("a continuation is good after a restart")
    func continuationAfterRestart() async throws {
        let bench = try await Self.bench()
        let first = try await Self.ask(bench, size: "2")
        bench.posting.release()
        try await bench.settle()
        let next = try await bench.killed()
        #expect(try await Self.ask(next, key: first.continuationKey).setIDs == [1])
    }

    @Test("S1-26: the list is the array of the result objects")
    func array() async throws {
        let bench = try await Self.bench()
        let text = try await bench.list([3, 1])
        #expect(text.hasPrefix(#"[{"source_batch_id":"SYSTEM_XYZ_BATCH_123","batch_id":"3","#))
        #expect(text.contains(#"]},{"source_batch_id":"SYSTEM_XYZ_BATCH_123","batch_id":"1","#))
        #expect(text.hasSuffix("]}]"))
        #expect(try await bench.list([]) == "[]")
    }

    @Test(
        "A-08: tasks and sets of others do not exist",
        arguments: [
            (Bench.principal(), true, true),
            (Bench.principal("colleague"), false, true),
            (Bench.principal("abc", sources: ["SYSTEM_ABC"]), false, false),
            (Bench.principal("auditor", sources: [], scopes: [.auditRead]), true, true),
        ]
    )
    func visibility(caller: Principal, seesTask: Bool, seesSet: Bool) async throws {
        let bench = try await Bench()
        let acceptance = try await bench.submit()
        _ = try await bench.finish(acceptance.taskID)
        let task = try? await bench.tasks.task(acceptance.taskID, for: caller)
        #expect((task != nil) == seesTask)
        let set = try? await bench.tasks.finishedSet("1", for: caller)
        #expect((set != nil) == seesSet)
    }

    @Test(
        "A1-19: an unknown, unfinished or malformed number is not found",
        arguments: [
            "2", "0", "-1", "01", "x", "", "99999999999999999999",
        ]
    )
    func unknownSets(number: String) async throws {
        let bench = try await Bench(small: 0)
        try await bench.submit()
        await #expect(throws: RPCError.notFound) {
            try await bench.tasks.finishedSet(number, for: Bench.principal())
        }
        await #expect(throws: RPCError.notFound) {
            try await bench.tasks.finishedSet("1", for: Bench.principal())
        }
        await #expect(throws: RPCError.notFound) {
            try await bench.tasks.task(number, for: Bench.principal())
        }
    }
}
