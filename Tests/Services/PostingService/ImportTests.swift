@testable import Importing
import LedgerRules
import Protocol
import Testing

@testable import Bookkeeping

@Suite("Importing accounts and detail codes")
struct ImportTests {
    @Test("An import again changes nothing, and says so")
    func idempotent() async throws {
        let test = try await TestLedger.make()
        let before = try await test.dump()
        let accounts = try await test.importAccounts(TestLedger.accounts)
        #expect(accounts == ImportResult(imported: 4, created: 0, changed: 0))
        let codes = try await test.importCodes(TestLedger.codes)
        #expect(codes == ImportResult(imported: 4, created: 0, changed: 0))
        #expect(try await test.dump() == before)
    }

    @Test("CSV and JSON give the same accounts")
    func json() async throws {
        let test = try await TestLedger.make()
        let result = try await test.importAccounts(
            """
            [{"account_id":"33970n","name":"Kathleen Booth","inactive":true,"alert_code":null},
             {"account_id":55555,"name":"Neu","warning_code":"W2"}]
            """,
            format: .json
        )
        #expect(result == ImportResult(imported: 2, created: 1, changed: 1))
        let account = try await test.ledger.account("33970N")
        #expect(account?.inactive == true)
        #expect(try await test.ledger.account(" 55555 ")?.warningCode == "W2")
    }

    @Test("All faults of a file come at once with their places, and nothing is imported")
    func allFaultsAtOnce() async throws {
        let test = try await TestLedger.make()
        let before = try await test.dump()
        let thrown = await #expect(throws: RPCError.self) {
            try await test.importAccounts(
                """
                account_id,name,inactive
                50001,Good,false
                ,No id,false
                50002,Bad flag,perhaps
                50003,Too many,false,x
                50001,Again,false
                50004,Stray"quote,false

                """
            )
        }
        let places = thrown?.details.map { "\($0.field) \($0.code)" }
        #expect(
            Set(places ?? []) == [
                "line 3, column 1 missing", "line 4, column 16 unknown_word",
                "line 5, column 1 field_count", "line 6, column 1 repeated",
                "line 7, column 12 stray_quote",
            ]
        )
        #expect(try await test.dump() == before)
    }

    @Test(
        "I-01, I-04: JSON that is not strict is refused with a pointer",
        arguments: [
            (#"{"account_id":"1"}"#, "", "wrong_type"),
            (#"[{"account_id":"1","name":"a","x":1}]"#, "/0/x", "unknown_field"),
            (#"[{"name":"a"}]"#, "/0/account_id", "missing"),
            (#"[{"account_id":["1"],"name":"a"}]"#, "/0/account_id", "wrong_type"),
            (#"[{"account_id":1.5,"name":"a"}]"#, "/0/account_id", "wrong_type"),
            (#"[7]"#, "/0", "wrong_type"),
            (#"[{"account_id":"1","account_id":"2","name":"a"}]"#, "/0/account_id", nil),
            (#"[{"account_id":"1","\u0061ccount_id":"2","name":"a"}]"#, "/0/account_id", nil),
        ] as [(String, String, String?)]
    )
    func strictJSON(text: String, pointer: String, code: String?) async throws {
        let test = try await TestLedger.make()
        let thrown = await #expect(throws: RPCError.self) {
            try await test.importAccounts(text, format: .json)
        }
        #expect(thrown?.details.first?.field == pointer)
        if let code { #expect(thrown?.details.first?.code == code) }
    }

    @Test(
        "A header that is not the documented one is refused",
        arguments: [
            ("account_id,nmae\n", ["unknown_column", "missing_column"]),
            ("account_id,name,name\n", ["repeated_column"]),
            ("name\n", ["missing_column"]),
            ("", ["empty"]),
        ]
    )
    func header(text: String, codes: [String]) async throws {
        let test = try await TestLedger.make()
        let thrown = await #expect(throws: RPCError.self) { try await test.importAccounts(text) }
        #expect(thrown?.details.map(\.code) == codes)
    }

    @Test("A changed account keeps its balance, and an inactive one takes no more")
    func changedAccount() async throws {
        let test = try await TestLedger.make()
        try await test.post(TestSet([.init(amount: 500, id: "1")]))
        let result = try await test.importAccounts("account_id,name,inactive\n99999,Ada,yes\n")
        #expect(result.changed == 1)
        let refused = try await test.post(TestSet([.init(amount: 500, id: "2")]))
        #expect(refused.failures.map(\.message) == ["Inactive account: 99999"])
        #expect(try await test.balance("99999") == 500)
        try await test.reopen()
        #expect(try await test.balance("99999") == 500)
    }

    @Test("A changed detail code is a new version; entries keep the one they were posted under")
    func codeVersions() async throws {
        let test = try await TestLedger.make()
        try await test.post(TestSet([.init(amount: 500, id: "1")]))
        let result = try await test.importCodes(
            "detail_code,description,type,gl_account,active\nA484,Now paid,payment,1000,true\n"
        )
        #expect(result == ImportResult(imported: 1, created: 0, changed: 1))
        try await test.post(TestSet([.init(amount: 200, id: "2")]))
        #expect(try await test.exported().map(\.kind) == ["D", "P"])
        #expect(try await test.balance("99999") == 300)
        let code = try await test.ledger.detailCode("A484")
        #expect(code?.version == 2)
        #expect(code?.type == .payment)
        #expect(try await test.integer("SELECT COUNT(*) FROM detail_code") == 5)
        try await test.reopen()
        try await test.post(TestSet([.init(amount: 100, id: "3")]))
        #expect(try await test.balance("99999") == 200)
    }

    @Test("I-06: hostile texts are data")
    func injection() async throws {
        let test = try await TestLedger.make()
        let name = "Robert'); DROP TABLE entry;--"
        _ = try await test.importAccounts("account_id,name\n60000,\"\(name)\"\n")
        #expect(try await test.ledger.account("60000")?.name == name)
        let id = "x'); DROP TABLE account;--"
        let result = try await test.post(TestSet([.init(account: "60000", id: id)]))
        #expect(result.transactionsLoaded == 1)
        #expect(try await test.exported().map(\.sourceTransactionID) == [id])
    }
}
