import BatchRules
import PaymentBatches
import Protocol
import Testing

@Suite("Batches and payments are listed by filters and pages")
struct BatchReadingTests {
    private func list(_ bench: PaymentBench, _ body: String) async throws -> BatchReading.Page {
        try await BatchReading(bench.parts).batches(Array(body.utf8), for: "vendor")
    }

    private func ids(_ page: BatchReading.Page, _ name: String = "batch_id") -> [Int64] {
        Answer(bytes: page.body).elements.map { $0.number(name) }
    }

    @Test(
        "pages go on by their key until an empty one, newest first, and a key belongs to its filters"
    )
    func pages() async throws {
        let bench = try await PaymentBench()
        for index in 0..<5 { try await bench.add("CLERK\(index)") }
        let first = try await list(bench, #"{"pagesize":"2","filters":{"status":["Open"]}}"#)
        #expect(ids(first) == [5, 4])
        #expect(first.count == 5)
        let key = try #require(first.continuationKey)
        try await bench.add("NEW")
        let second = try await list(bench, #"{"pagesize":"2","continuation_key":"\#(key)"}"#)
        #expect(ids(second) == [3, 2])
        let last = try #require(second.continuationKey)
        let third = try await list(bench, #"{"continuation_key":"\#(last)"}"#)
        #expect(ids(third) == [1])
        let end = try #require(third.continuationKey)
        let fourth = try await list(bench, #"{"continuation_key":"\#(end)"}"#)
        #expect(ids(fourth) == [])
        #expect(fourth.continuationKey == nil)
        await expectFaults("invalid_request", ["/continuation_key"]) {
            let body = #"{"continuation_key":"\#(key)","filters":{"status":["Posted"]}}"#
            return Answer(bytes: try await list(bench, body).body)
        }
        await expectFaults("invalid_request", ["/pagesize", "/continuation_key"]) {
            let body = #"{"continuation_key":"x","pagesize":"1001"}"#
            return Answer(bytes: try await list(bench, body).body)
        }
    }

    @Test("filters hold together, values of one are alternatives")
    func filters() async throws {
        let bench = try await PaymentBench()
        try await bench.add("A", more: #","department":"X","date":"2027-01-10""#)
        try await bench.add(
            "B",
            more: #","department":"X","deposit_number":"D","date":"2027-01-11""#
        )
        try await bench.add("C", more: #","date":"2027-01-12""#)
        for (filters, expected) in [
            (#""username":["A","C"]"#, [3, 1]), (#""department":["X"]"#, [2, 1]),
            (#""department":["X"],"username":["A"]"#, [1]), (#""deposit_number":["D"]"#, [2]),
            (#""date":["2027-01-12"]"#, [3]), (#""from":["2027-01-11"]"#, [3, 2]),
            (#""to":["2027-01-11"],"from":["2027-01-11"]"#, [2]), (#""batch_id":["1","9"]"#, [1]),
            (#""life_cycle_step":["20"]"#, []), (#""kind":["payment"]"#, [3, 2, 1]),
        ] as [(String, [Int64])] {
            let page = try await list(bench, "{\"filters\":{\(filters)}}")
            #expect(ids(page) == expected, "\(filters)")
            #expect(page.count == Int64(expected.count))
        }
        await expectFaults("invalid_request", ["/color", "/date", "/from"]) {
            let body =
                #"{"filters":{"color":["red"],"date":["x"],"from":["2027-01-01","2027-01-02"]}}"#
            return Answer(bytes: try await list(bench, body).body)
        }
    }

    @Test("a deleted batch is listed where it is asked for")
    func deleted() async throws {
        let bench = try await PaymentBench()
        let added = try await bench.add()
        try await bench.delete(
            #"{"payment_id":\#(added.payment),"dry_run":false,"count":1,"total":10}"#
        )
        try await bench.ask(.delete, added.batch, as: PaymentBench.vendor)
        #expect(try await ids(list(bench, "")) == [])
        #expect(try await ids(list(bench, #"{"filters":{"status":["Deleted"]}}"#)) == [1])
    }

    @Test("the payments of a batch come in their order, deleted ones too")
    func payments() async throws {
        let bench = try await PaymentBench()
        let first = try await bench.add()
        for _ in 0..<3 { try await bench.add() }
        try await bench.delete(
            #"{"payment_id":\#(first.payment),"dry_run":false,"count":1,"total":10}"#
        )
        let reading = BatchReading(bench.parts)
        let body = #"{"batch_id":"\#(first.batch)","pagesize":"3"}"#
        let page = try await reading.payments(Array(body.utf8), for: "vendor")
        #expect(ids(page, "payment_id") == [1, 2, 3])
        #expect(page.count == 4)
        #expect(Answer(bytes: page.body).elements.first?.text("state") == "Deleted")
        let key = try #require(page.continuationKey)
        let rest = #"{"batch_id":"\#(first.batch)","continuation_key":"\#(key)"}"#
        let next = try await reading.payments(Array(rest.utf8), for: "vendor")
        #expect(ids(next, "payment_id") == [4])
        await #expect(throws: RPCError.notFound) {
            _ = try await reading.payments(Array(#"{"batch_id":"77"}"#.utf8), for: "vendor")
        }
    }

    @Test("a batch that is not there is not found")
    func notFound() async throws {
        let bench = try await PaymentBench()
        await #expect(throws: RPCError.notFound) { _ = try await bench.batch(1) }
        await #expect(throws: RPCError.notFound) { _ = try await bench.payment(1) }
        await #expect(throws: RPCError.notFound) { _ = try await bench.history(1) }
        await #expect(throws: RPCError.notFound) { try await bench.ask(.release, 1) }
    }
}
