import Importing
import Protocol
import Testing

@testable import Bookkeeping

/// U+212A (KELVIN SIGN) and U+212B (ANGSTROM SIGN) are `K` and `Å` to Unicode, and others to us.
@Suite("Names are compared by bytes, source transaction ids by their normal form")
struct TwinNameTests {
    @Test("A1-26: the twin of a name of any length is not in the table")
    func table() {
        var table = NameTable()
        let names = ["K", "BANK", "LONG-BANK-1", "\u{C5}", "LONG-NAME-\u{C5}"]
        let twins = [
            "\u{212A}", "BAN\u{212A}", "LONG-BAN\u{212A}-1", "\u{212B}", "LONG-NAME-\u{212B}",
            "LONG-NAME-A\u{30A}",
        ]
        for (number, name) in names.enumerated() { table.set(name, to: number) }
        for (number, name) in names.enumerated() { #expect(table.find(name) == Int32(number)) }
        for twin in twins { #expect(table.find(twin) == -1, "\(twin)") }
        for (number, twin) in twins.enumerated() { table.set(twin, to: 100 + number) }
        for (number, name) in names.enumerated() { #expect(table.find(name) == Int32(number)) }
    }

    @Test("A1-26: the twin of a detail code is no detail code")
    func codes() async throws {
        let code = "BANK-CODE-1"
        let test = try await TestLedger.make(
            codes: "detail_code,description,type,gl_account\n\(code),Fee,charge,4000\n"
        )
        let result = try await test.post(
            TestSet([
                .init(code: code, id: "1"), .init(code: "BAN\u{212A}-CODE-1", id: "2"),
            ])
        )
        #expect(result.transactionsLoaded == 1)
        #expect(result.failures.map(\.index) == [1])
        #expect(result.failures[0].message.hasPrefix("Invalid detail code: "))
    }

    @Test("A1-26: sources that are twins are two: neither's ids are duplicates of the other's")
    func sources() async throws {
        let test = try await TestLedger.make()
        for source in ["BANK", "BAN\u{212A}", "\u{C5}", "\u{212B}", "A\u{30A}"] {
            let result = try await test.post(TestSet([.init(id: "1")], source: source))
            #expect(result.transactionsLoaded == 1, "\(source)")
            let again = try await test.post(TestSet([.init(id: "1")], source: source))
            #expect(again.transactionsLoaded == 0, "\(source)")
        }
        #expect(try await test.integer("SELECT COUNT(*) FROM source") == 5)
        try await test.reopen()
        for source in ["BANK", "BAN\u{212A}", "A\u{30A}"] {
            let result = try await test.post(TestSet([.init(id: "2")], source: source))
            #expect(result.transactionsLoaded == 1, "\(source)")
        }
        #expect(try await test.integer("SELECT COUNT(*) FROM source") == 5)
    }

    @Test("A1-26: an id in another normal form is a duplicate, in a set and of what is committed")
    func transactionIDs() async throws {
        let test = try await TestLedger.make()
        let first = try await test.post(
            TestSet([.init(id: "\u{C5}-1"), .init(id: "A\u{30A}-1"), .init(id: "BANK")])
        )
        #expect(first.transactionsLoaded == 2)
        #expect(first.failures.map(\.index) == [1])
        func expectDuplicates() async throws {
            let ids = ["\u{212B}-1", "A\u{30A}-1", "\u{C5}-1", "BAN\u{212A}"]
            for id in ids {
                let result = try await test.post(TestSet([.init(id: id)]))
                #expect(result.transactionsLoaded == 0, "\(id)")
            }
        }
        try await expectDuplicates()
        // Opened as it was, and with an index that is made anew of the entries.
        for damage in [nil, "DELETE FROM dup_run_dir"] {
            try await test.reopen(damage: damage)
            try await expectDuplicates()
        }
        let last = try await test.post(TestSet([.init(id: "\u{C4}-1")]))
        #expect(last.transactionsLoaded == 1)
    }

    @Test("A1-26: an import tells twins apart, and takes another spelling for a change")
    func imports() async throws {
        let test = try await TestLedger.make()
        _ = try await test.importAccounts("account_id,name\n1,\u{C5}\n")
        let result = try await test.importAccounts("account_id,name\n1,\u{212B}\n")
        #expect(result.changed == 1)
        let refused = try? await test.importAccounts("account_id,name\nBAN\u{212A},Twin\n")
        #expect(refused == nil)
    }
}
