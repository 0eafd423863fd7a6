import FoundationEssentials
import LedgerRules
import Protocol
import Testing

@testable import Bookkeeping

@Suite("Reading the ledger")
struct ReadingTests {
    @Test("The card of an account shows every field, newest first")
    func card() async throws {
        let test = try await TestLedger.make()
        try await test.post(TestSet([.init(amount: 119_820, id: "1"), .init(id: "2")]))
        try await test.post(
            TestSet([.init(code: "PMT1", amount: -5, id: "3", description: #"a \"b\""#)])
        )
        let page = try await test.ledger.card(of: "99999", for: "reader", pageSize: 1)
        #expect(
            page.map { String(decoding: $0.body, as: UTF8.self) } == """
                [{"entry_id":3,"account_id":"99999","detail_code":"PMT1","kind":"P",\
                "amount":-0.05,"balance":2396.25,"date":"2018-02-01","description":"a \\"b\\"",\
                "source_name":"SYSTEM_XYZ","source_transaction_id":"3","batch_id":"2",\
                "journal_id":2}]
                """
        )
        let next = try await test.ledger.card(
            of: "99999",
            for: "reader",
            pageSize: 1,
            continuation: page?.next
        )
        #expect(
            next.map { String(decoding: $0.body, as: UTF8.self) }?.contains(
                #""entry_id":2,"account_id":"99999","detail_code":"A484","kind":"D","#
                    + #""amount":1198.0,"balance":2396.2,"#
            ) == true
        )
    }

    @Test("T-09: paging a card while sets are posted misses and repeats nothing")
    func paging() async throws {
        let test = try await TestLedger.make()
        try await test.post(TestSet((0..<25).map { .init(id: "a\($0)") }))
        var ids: [Int64] = []
        var continuation: String?
        repeat {
            let page = try await test.ledger.card(
                of: "99999",
                for: "reader",
                pageSize: 10,
                continuation: continuation
            )
            let body = try #require(page?.body)
            ids += try JSONDecoder().decode([ExportedEntryID].self, from: Data(body))
                .map(\.entryID)
            continuation = page?.next
            try await test.post(TestSet([.init(id: "b\(ids.count)")]))
        } while continuation != nil
        #expect(ids == Array((1...25).reversed()))
    }

    private struct ExportedEntryID: Decodable {
        var entryID: Int64
        enum CodingKeys: String, CodingKey { case entryID = "entry_id" }
    }

    @Test("A continuation that this account's card did not give is refused")
    func foreignContinuation() async throws {
        let test = try await TestLedger.make()
        try await test.post(
            TestSet([
                .init(account: "73491", id: "1"), .init(account: "73491", id: "2"),
                .init(id: "3"),
            ])
        )
        let other = try await test.ledger.card(of: "73491", for: "reader", pageSize: 1)?.next
        let foreign = try #require(other)
        for key in [foreign, "x", "1", "1.0.0", ""] {
            let thrown = await #expect(throws: RPCError.self) {
                try await test.ledger.card(of: "99999", for: "reader", continuation: key)
            }
            #expect(thrown?.details.first?.field == "/continuation_key")
        }
        let forged = "9" + foreign.dropFirst()
        await #expect(throws: RPCError.self) {
            try await test.ledger.card(of: "73491", for: "reader", continuation: forged)
        }
        await #expect(throws: RPCError.self) {
            try await test.ledger.card(of: "73491", for: "another", continuation: foreign)
        }
    }

    @Test("Unknown accounts and codes are nil; ids are read in any spelling allowed")
    func unknown() async throws {
        let test = try await TestLedger.make()
        #expect(try await test.ledger.account("AX84") == nil)
        #expect(try await test.ledger.card(of: "AX84", for: "reader") == nil)
        #expect(try await test.ledger.detailCode("AX84") == nil)
        #expect(try await test.ledger.account(" 33970n")?.name == "Kathleen Booth")
        #expect(try await test.ledger.card(of: "33970n", for: "reader")?.entries == 0)
        let code = try await test.ledger.detailCode("OLD1")
        #expect(code?.active == false)
        #expect(code?.glAccount == "4000")
    }

    @Test("The export comes in pages that join to all entries")
    func export() async throws {
        let test = try await TestLedger.make()
        try await test.post(TestSet((0..<7).map { .init(id: "\($0)") }))
        let first = try await test.ledger.export(limit: 3)
        #expect(first.entries == 3)
        #expect(first.lastEntryID == 3)
        #expect(first.more)
        let rest = try await test.ledger.export(after: 3, limit: 4)
        #expect(rest.lastEntryID == 7)
        #expect(!rest.more)
        let none = try await test.ledger.export(after: 7)
        #expect(none.body.isEmpty)
        #expect(!none.more)
    }

    @Test("D-08: the anchor names the store, its newest set and its entries")
    func anchor() async throws {
        let test = try await TestLedger.make()
        let empty = try await test.ledger.anchor()
        #expect(empty.highestSetID == 0)
        #expect(empty.entries == 0)
        try await test.post(TestSet([.init(id: "1")], isTrial: true), id: 3)
        try await test.post(TestSet([.init(id: "1"), .init(id: "2")]), id: 4)
        let after = try await test.ledger.anchor()
        #expect(after.highestSetID == 4)
        #expect(after.entries == 2)
        #expect(after.storeID == empty.storeID)
        try await test.reopen()
        #expect(try await test.ledger.anchor() == after)
    }

    @Test("Progress of a running set counts rows and failures, then leaves the board")
    func progress() async throws {
        let board = ProgressBoard()
        let progress = board.begin(4)
        progress.total(10)
        progress.failed(2)
        progress.done(5)
        let counts = board.counts(of: [3, 4])
        #expect(counts.map(\.setID) == [4])
        #expect(counts.map(\.counts) == [.init(total: 10, done: 5, failed: 2)])
        let later = board.begin(4)
        board.end(4, progress)
        #expect(board.counts(of: [4]).count == 1)
        board.end(4, later)
        #expect(board.counts(of: [4]).isEmpty)
    }
}
