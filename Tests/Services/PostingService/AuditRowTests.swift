import FoundationEssentials
import Importing
import Protocol
import Storage
import Testing

@testable import Bookkeeping
@testable import Students

@Suite("S1-3: the audit row of a change of posting-service is in the change's own transaction")
struct AuditRowTests {
    private struct Kind: CustomTestStringConvertible, Sendable {
        let subject: String
        /// What it shows of the row before and after.
        let before: String
        let after: String
        let apply: @Sendable (StudentDesk) async throws -> Void

        var testDescription: String { subject }
    }

    private static let kinds: [Kind] = [
        Kind(subject: "accounts", before: #""name":"Ada Lovelace""#, after: #""name":"Ada King""#) {
            _ = try await $0.test.importAccounts("account_id,name\n99999,Ada King\n")
        },
        Kind(
            subject: "detail_codes",
            before: #""description":"Tuition""#,
            after: #""active":false"#
        ) {
            _ = try await $0.test.importCodes(
                "detail_code,description,type,gl_account,active\nA484,Tuition,charge,4000,false\n"
            )
        },
        Kind(subject: "campuses", before: #""cashiering":true"#, after: #""cashiering":false"#) {
            try await $0.importReference("campuses", "campus_id,name,cashiering\n1,North,false\n")
        },
        Kind(subject: "gl-periods", before: #""before":null"#, after: #""first_day":"2031-01-01""#)
        {
            _ = try await $0.test.importPeriods(
                "year,period,first_day,last_day,closed\n2031,1,2031-01-01,2031-12-31,false\n"
            )
        },
        Kind(
            subject: "setting fiscal_year_start_month",
            before: #""before":1"#,
            after: #""after":7"#
        ) { try await $0.test.put(#"{"name":"fiscal_year_start_month","value":7}"#) },
    ]

    /// The changes that the outbox holds for a subject.
    private func changes(_ desk: StudentDesk, _ subject: String) async throws -> [String] {
        try await desk.ledger.store.read { transaction in
            var found: [String] = []
            try transaction.rows("SELECT event FROM audit_outbox ORDER BY id") { row in
                let body = #"{"events":["# + String(decoding: row.blob(0), as: UTF8.self) + "]}"
                let batch = try Array(body.utf8).withUnsafeBytes { try AuditBatch.read($0) }
                found += batch.events.filter { $0.subject == subject }.map(\.change)
            }
            return found
        }
    }

    @Test(
        "A change has one row, with before and after; one that changes nothing has none",
        arguments: kinds
    )
    private func one(_ kind: Kind) async throws {
        let desk = try await StudentDesk.make()
        let old = try await changes(desk, kind.subject).count
        try await kind.apply(desk)
        try await kind.apply(desk)
        let found = try await changes(desk, kind.subject)
        #expect(found.count == old + 1)
        #expect(found.last?.contains(kind.before) == true, "\(found)")
        #expect(found.last?.contains(kind.after) == true, "\(found)")
    }

    @Test(
        "Where the row cannot be written nothing changes, in the store or in memory",
        arguments: kinds
    )
    private func both(_ kind: Kind) async throws {
        let desk = try await StudentDesk.make()
        let before = try await desk.test.dumpAll()
        try await desk.ledger.store.write { transaction in
            _ = try transaction.execute(
                """
                CREATE TRIGGER no_audit BEFORE INSERT ON audit_outbox
                BEGIN SELECT RAISE(ABORT, 'no audit'); END
                """
            )
        }
        await #expect(throws: StoreError.self) { try await kind.apply(desk) }
        #expect(try await desk.test.dumpAll() == before)
        try await desk.ledger.store.write { _ = try $0.execute("DROP TRIGGER no_audit") }
        try await kind.apply(desk)
        #expect(try await changes(desk, kind.subject).last?.contains(kind.after) == true)
    }

    @Test("An import that is refused has no row")
    func refused() async throws {
        let desk = try await StudentDesk.make()
        let old = try await changes(desk, "accounts").count
        await #expect(throws: RPCError.self) {
            try await desk.test.importAccounts("account_id,name\n99999,A\n99999,B\n")
        }
        #expect(try await changes(desk, "accounts").count == old)
    }

    @Test("Of many changed rows the first are told, the others counted beside the file's hash")
    func bounded() async throws {
        let desk = try await StudentDesk.make()
        let rows = (0..<2_000).map { "\(200_000 + $0),Student \($0)\n" }.joined()
        _ = try await desk.test.importAccounts("account_id,name\n" + rows)
        let text = try #require(try await changes(desk, "accounts").last)
        #expect(text.utf8.count < ImportChanges<AccountRecord>.maximumBytes + 1_024)
        struct Event: Decodable {
            var rows: [[String: AccountName?]]
            var rows_left_out: Int
            var file_sha256: String
        }
        struct AccountName: Decodable { var name: String }
        let event = try JSONDecoder().decode(Event.self, from: Data(text.utf8))
        #expect(event.rows.count > 10)
        #expect(event.rows.count + event.rows_left_out == 2_000)
        #expect(event.file_sha256.count == 64)
    }
}
