import FoundationEssentials
import LedgerRules
import Money
import Protocol
import Testing

@testable import Bookkeeping
@testable import PostingService

@Suite("What goes over the wire")
struct ServingTests {
    private func request(_ text: String) throws -> PostSetParameters {
        try Array(text.utf8).withUnsafeBytes {
            try StrictJSON.decodeRequest(PostSetParameters.self, from: $0)
        }
    }

    @Test("The parameters of a posting are read, and no others are allowed")
    func parameters() throws {
        let text = #"{"set_id":7,"commit_policy":"all_or_nothing","digest":"00","attempt":2}"#
        let expected = PostSetParameters(
            setID: 7,
            commitPolicy: .allOrNothing,
            digest: "00",
            attempt: 2
        )
        #expect(try request(text) == expected)
        for bad in [
            #"{"set_id":7,"commit_policy":"x","digest":"00","attempt":2}"#,
            #"{"set_id":0,"commit_policy":"per_transaction","digest":"00","attempt":2}"#,
            #"{"set_id":7,"commit_policy":"per_transaction","digest":"00","attempt":2,"x":1}"#,
            #"{"commit_policy":"per_transaction","digest":"00","attempt":2}"#,
        ] {
            #expect(throws: RPCError.self) { try request(bad) }
        }
    }

    @Test(
        "A page has 1 to 1,000 entries, 100 where nothing is said",
        arguments: [
            (nil, 100), ("1", 1), ("1000", 1_000), ("0", nil), ("1001", nil), ("-1", nil),
            ("x", nil), ("", nil), ("1e2", nil),
        ] as [(String?, Int?)]
    )
    func pageSize(text: String?, expected: Int?) {
        #expect((try? PageSize.read(text)) == expected)
    }

    @Test("Accounts, codes and the trial balance are written as the edge serves them")
    func objects() async throws {
        let test = try await TestLedger.make()
        try await test.post(TestSet([.init(account: "73491", amount: 119_820, id: "1")]))
        let account = try #require(try await test.ledger.account("73491"))
        #expect(
            String(decoding: account.json, as: UTF8.self) == """
                {"account_id":"73491","name":"Grace Hopper","inactive":false,"alert_code":null,\
                "warning_code":"W1","balance":1198.2}
                """
        )
        let code = try #require(try await test.ledger.detailCode("PMT1"))
        #expect(
            String(decoding: code.json, as: UTF8.self) == """
                {"detail_code":"PMT1","description":"Payment","type":"payment",\
                "gl_account":"1000","active":true}
                """
        )
        let trial = try await test.ledger.trialBalance()
        #expect(
            String(decoding: trial.json, as: UTF8.self) == """
                {"debits":1198.2,"credits":1198.2,"difference":0.0,"accounts":\
                [{"gl_account":"1200","debits":1198.2,"credits":0.0,"balance":1198.2},\
                {"gl_account":"4000","debits":0.0,"credits":1198.2,"balance":-1198.2}]}
                """
        )
    }
}
