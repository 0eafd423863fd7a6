import Importing
import Protocol
import Testing

@testable import Bookkeeping
@testable import Students

@Suite("Importing reference data of students")
struct ReferenceImportTests {
    @Test("A file again changes nothing, in CSV and in JSON")
    func again() async throws {
        let desk = try await StudentDesk.make()
        for (kind, text) in StudentDesk.reference {
            let result = try await desk.importReference(kind, text)
            #expect(result.created == 0 && result.changed == 0 && result.imported > 0, "\(kind)")
        }
        let result = try await desk.importReference(
            "campuses",
            #"[{"campus_id":1,"name":"North","cashiering":true},"#
                + #"{"campus_id":"3","name":"West","cashiering":"no"},"#
                + #"{"campus_id":2,"name":"South","cashiering":true}]"#,
            format: .json
        )
        #expect(result == ImportResult(imported: 3, created: 1, changed: 1))
    }

    @Test("Every fault of a file is told at once, in order, and nothing of it is kept")
    func faults() async throws {
        let desk = try await StudentDesk.make()
        let thrown = await #expect(throws: RPCError.self) {
            try await desk.importReference(
                "students",
                """
                student_id,account_id,name,campus_id
                60001,99999,Taken,1
                60002,00000,Unknown account,1
                x,33970N,Bad id,1
                60003,73491,Unknown campus,9
                60004,,No account,1
                50090,11111,Moved,1

                """
            )
        }
        #expect(
            thrown?.details.map { "\($0.field) \($0.code)" } == [
                "line 2, column 1 account_taken", "line 3, column 1 unknown_account",
                "line 4, column 1 out_of_range", "line 5, column 1 unknown_campus",
                "line 5, column 1 account_taken", "line 6, column 7 missing",
                "line 7, column 1 account_taken",
            ]
        )
        #expect(try await desk.integer("SELECT COUNT(*) FROM student") == 4)
    }

    @Test("A student keeps its account once payments are on it")
    func accountInUse() async throws {
        let desk = try await StudentDesk.make()
        _ = try await desk.posted()
        _ = try await desk.test.importAccounts("account_id,name\n80000,Free\n")
        let thrown = await #expect(throws: RPCError.self) {
            try await desk.importReference(
                "students",
                "student_id,account_id,name,campus_id\n50090,80000,Ada,1\n"
            )
        }
        #expect(thrown?.details.map(\.code) == ["account_in_use"])
    }

    @Test("References to what is not there, and words that are none, are faults with their pointer")
    func references() async throws {
        let desk = try await StudentDesk.make()
        let thrown = await #expect(throws: RPCError.self) {
            try await desk.importReference(
                "bank-accounts",
                #"[{"bank_account_id":3,"bank_id":9,"name":"x","gl_account":"1030"}]"#,
                format: .json
            )
        }
        #expect(thrown?.details.map { "\($0.field) \($0.code)" } == ["/0/bank_id unknown_bank"])
        let kind = await #expect(throws: RPCError.self) {
            try await desk.importReference(
                "fund-sources",
                "fund_source_id,name,kind\n20,x,private\n20,y,federal\n"
            )
        }
        #expect(kind?.details.map(\.code) == ["unknown_word"])
    }
}
