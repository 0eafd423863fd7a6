import BatchRules
import BatchService
import Identity
import NIOCore
import Protocol
import Testing

private func refusal(_ body: () async throws -> Void) async -> RPCError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? RPCError
    }
}

@Suite("Accepting posting sets")
struct SubmitTests {
    @Test("S1-18, S1-19: the seed's sample ends complete, its document key by key")
    func seedSample() async throws {
        let bench = try await Bench()
        let acceptance = try await bench.submit()
        #expect(!acceptance.replayed)
        #expect(TaskID.isWellFormed(acceptance.taskID))
        let task = try await bench.finish(acceptance.taskID)
        #expect(task.status == .complete)
        #expect(
            try await bench.document(acceptance.taskID) == """
                {"status":"complete","path":"/accounts_receivable/postings/batches/1",\
                "message":{"source_batch_id":"SYSTEM_XYZ_BATCH_123","batch_id":"1",\
                "status":"success","billing_type":"BANNER","posting_type":"TRIAL",\
                "source_name":"SYSTEM_XYZ","batch_name":"SYSTEM_XYZ work order billing",\
                "accounting_date":"2018-02-01T04:00:00Z","record_count":2,"total_amount":7797.94,\
                "transactions_loaded":2,"failures":[],"transactions":[\
                {"amount":1198.0,"account_id":"99999","detail_code":"A484",\
                "source_transaction_id":"WO12345",\
                "source_transaction_date":"2017-06-30T04:00:00Z",\
                "description":"This is a description"},\
                {"amount":6599.94,"account_id":"73491","detail_code":"ABC123",\
                "source_transaction_id":"WO12AAAA",\
                "source_transaction_date":"2017-06-30T04:00:00Z",\
                "description":"This is a description"}]},"id":"\(acceptance.taskID)"}
                """
        )
    }

    @Test(
        "S1-21, S1-35: the failing sample names the code and keeps the failed amount in the total"
    )
    func failingSample() async throws {
        let bench = try await Bench()
        bench.posting.script(
            .result(
                PostSetResult(
                    transactionsLoaded: 1,
                    failures: [PostingFailure(index: 0, message: "Invalid detail code: AX84")]
                )
            )
        )
        var set = SampleSet.seed
        set.rows[0].code = "AX84"
        set.rows[0].amount = "1198.2"
        set.totalAmount = "7798.14"
        let acceptance = try await bench.submit(set)
        _ = try await bench.finish(acceptance.taskID)
        let document = try await bench.document(acceptance.taskID)
        #expect(document.hasPrefix(#"{"status":"error","path":"/accounts_receivable/"#))
        #expect(
            document.contains(
                """
                "status":"failure","billing_type":"BANNER","posting_type":"TRIAL",\
                "source_name":"SYSTEM_XYZ","batch_name":"SYSTEM_XYZ work order billing",\
                "accounting_date":"2018-02-01T04:00:00Z","record_count":2,"total_amount":7798.14,\
                "transactions_loaded":1,"failures":[{"account_id":"99999","detail_code":"AX84",\
                "description":"This is a description","reference_number":"WO12345",\
                "amount":1198.2,"error_message":"Invalid detail code: AX84"}],"transactions":[
                """
            )
        )
    }

    @Test("A1-3: a set refused as a whole ends in error with error_message last")
    func refusedAsWhole() async throws {
        let bench = try await Bench()
        bench.posting.script(
            .result(
                PostSetResult(transactionsLoaded: 0, failures: [], errorMessage: "record_count")
            )
        )
        let acceptance = try await bench.submit()
        let task = try await bench.finish(acceptance.taskID)
        #expect(task.status == .error)
        let document = try await bench.document(acceptance.taskID)
        #expect(document.contains(#"],"error_message":"record_count"},"id":"#))
        #expect(document.contains(#""failures":[]"#))
    }

    @Test("A1-13: a task that is not done has all four keys and nulls")
    func unfinished() async throws {
        let bench = try await Bench()
        bench.posting.script(.hang)
        let acceptance = try await bench.submit()
        #expect(
            try await bench.document(acceptance.taskID)
                == #"{"status":"processing","path":null,"message":null,"id":"\#(acceptance.taskID)"}"#
        )
        try await eventually { bench.posting.isWaiting }
        bench.posting.release()
        _ = try await bench.finish(acceptance.taskID)
    }

    @Test("D2: a malformed body is refused with every pointer and leaves no trace")
    func malformed() async throws {
        let bench = try await Bench()
        var set = SampleSet.seed
        set.postingType = "MAYBE"
        set.rows[1].amount = "\"5\""
        let error = await refusal { try await bench.submit(set) }
        #expect(error?.status == .invalidArgument)
        #expect(
            Set(error?.details.map(\.field) ?? []) == ["/posting_type", "/transactions/1/amount"]
        )
        #expect(try await bench.store.highestNumber() == 0)
    }

    @Test("S1-8: a source that is not the caller's is refused, known or not")
    func wrongSource() async throws {
        let bench = try await Bench()
        for source in ["SYSTEM_ABC", "NO_SUCH"] {
            var set = SampleSet.seed
            set.sourceName = source
            await #expect(throws: SourceNotApproved(sourceName: source)) {
                try await bench.submit(set)
            }
        }
        #expect(try await bench.store.highestNumber() == 0)
    }

    @Test(
        "A1-26: a source's twin in Unicode is a stranger, and has a history of its own",
        arguments: [
            ("BANK", "BAN\u{212A}"), ("\u{C5}", "\u{212B}"), ("\u{C5}", "A\u{30A}"),
        ]
    )
    func twinSource(name: String, twin: String) async throws {
        let bench = try await Bench()
        bench.posting.script(.result(PostSetResult(transactionsLoaded: 2, failures: [])))
        let approved = Bench.principal(sources: [ByteText(name)])
        let stranger = Bench.principal("twin", sources: [ByteText(twin)])
        var set = SampleSet.seed
        set.sourceName = twin
        do {
            try await bench.submit(set, as: approved)
            Issue.record("the twin of \(name) passed")
        } catch let error as SourceNotApproved {
            #expect(error.sourceName.utf8.elementsEqual(twin.utf8))
        }
        let acceptance = try await bench.submit(set, as: stranger)
        _ = try await bench.finish(acceptance.taskID)
        func found(_ filters: [String: [String]], as caller: Principal) async throws -> [Int64] {
            try await bench.history.page(
                HistoryRequest(filters: filters, pageSize: nil, continuationKey: nil),
                for: caller,
                at: bench.clock.now
            ).setIDs
        }
        #expect(try await found([:], as: stranger) == [1])
        #expect(try await found(["source_name": [twin]], as: stranger) == [1])
        #expect(try await found(["source_name": [name]], as: stranger) == [])
        #expect(try await found([:], as: approved) == [])
        #expect(!Visibility.showsSet(submittedBy: "x", sourceName: twin, to: approved))
        #expect(Visibility.showsSet(submittedBy: "x", sourceName: twin, to: stranger))
    }

    @Test("I-07: a body above the limit is refused, announced or not")
    func tooLarge() async throws {
        let bench = try await Bench(maximumBytes: 100_000)
        let body = SampleSet.large(2_000).body
        let announced = await refusal { try await bench.submit(body) }
        #expect(announced?.reason == "body_too_large")
        let unannounced = await refusal {
            _ = try await bench.intake.submit(
                Submission(
                    principal: Bench.principal(),
                    peer: "",
                    clientAddress: "",
                    requestID: "",
                    idempotencyKey: nil
                ),
                Pieces(body: body),
                expectedBytes: nil
            )
        }
        #expect(unannounced?.reason == "body_too_large")
        #expect(try await bench.store.highestNumber() == 0)
    }

    @Test("D-08: nothing is accepted while there is an obstacle")
    func obstacle() async throws {
        let bench = try await Bench(obstacle: "stores differ")
        let error = await refusal { try await bench.submit() }
        #expect(error?.status == .unavailable)
    }

    @Test("a large set goes through its file and comes back whole", arguments: [true, false])
    func large(isAnnounced: Bool) async throws {
        let bench = try await Bench()
        let set = SampleSet.large(3_000)
        let submission = Submission(
            principal: Bench.principal(),
            peer: "",
            clientAddress: "",
            requestID: "",
            idempotencyKey: nil
        )
        let acceptance = try await bench.intake.submit(
            submission,
            Pieces(body: set.body),
            expectedBytes: isAnnounced ? set.body.readableBytes : nil
        )
        let task = try await bench.finish(acceptance.taskID)
        #expect(task.status == .complete)
        #expect(bench.posting.calls.map(\.body) == [set.text])
        let document = try await bench.document(acceptance.taskID)
        #expect(document.contains(#""transactions_loaded":3000"#))
        #expect(document.contains(#""source_transaction_id":"L-2999""#))
    }

    @Test(
        "a large body that is refused or breaks off leaves no bytes behind",
        arguments: [true, false]
    )
    func refusedBodies(isAnnounced: Bool) async throws {
        let bench = try await Bench()
        var malformed = SampleSet.large(3_000)
        malformed.postingType = "MAYBE"
        var foreign = SampleSet.large(3_000)
        foreign.sourceName = "SYSTEM_ABC"
        let ending: [(SampleSet, brokenAfter: Int?)] = [
            (malformed, nil), (foreign, nil), (.large(3_000), 300_000),
        ]
        for (set, limit) in ending + ending {
            await #expect(throws: (any Error).self) {
                try await bench.intake.submit(
                    Bench.submission(),
                    Pieces(body: set.body, brokenAfter: limit),
                    expectedBytes: isAnnounced ? set.body.readableBytes : nil
                )
            }
        }
        // Their places are given back behind what was still to be written.
        try await bench.files.onQueue {}
        let last = SampleSet.large(2_500)
        let acceptance = try await bench.submit(last)
        _ = try await bench.finish(acceptance.taskID)
        #expect(
            try await bench.store.bodyExtents() == [
                BodyExtent(file: 1, offset: 0, count: last.body.readableBytes)
            ]
        )
    }

    @Test("M-10: numbers rise by one; refused sets and replays take none")
    func numbers() async throws {
        let bench = try await Bench()
        for round in 1...3 {
            try await bench.submit(key: "key-\(round)")
            _ = await refusal { try await bench.submit(ByteBuffer(string: "{")) }
            try await bench.submit(key: "key-\(round)")
        }
        #expect(try await bench.store.highestNumber() == 3)
        try await bench.settle()
    }

    @Test("I-06: hostile texts are data, in rows, filters and documents")
    func hostileTexts() async throws {
        let bench = try await Bench()
        let evil = "x'); DROP TABLE task; -- %s =cmd|' ${jndi}"
        var set = SampleSet.seed
        set.sourceBatchID = evil
        let acceptance = try await bench.submit(set)
        _ = try await bench.finish(acceptance.taskID)
        #expect(try await bench.document(acceptance.taskID).contains(evil))
        let page = try await bench.history.page(
            HistoryRequest(
                filters: ["source_batch_id": [evil]],
                pageSize: nil,
                continuationKey: nil
            ),
            for: Bench.principal(),
            at: bench.clock.now
        )
        #expect(page.setIDs == [1])
    }
}
