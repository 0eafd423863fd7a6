import Testing

@testable import BursarCommands

@Suite("What a task's result means for a command")
struct ResultTests {
    private static let failing = #"""
        {"status": "error", "path": "/accounts_receivable/postings/batches/21176", "message":
         {"source_batch_id": "B", "batch_id": "21176", "status": "failure", "billing_type": "BANNER",
          "posting_type": "TRIAL", "source_name": "SYSTEM_XYZ", "batch_name": "n",
          "accounting_date": "2018-02-01T04:00:00Z", "record_count": 2, "total_amount": 7798.14,
          "transactions_loaded": 1, "failures": [{"account_id": "99999", "detail_code": "AX84",
          "description": "d", "reference_number": "WO12345", "amount": 1198.2,
          "error_message": "Invalid detail code: AX84"}], "transactions": [{"amount": 1198.2}]},
         "id": "63d2dbb98954ba5c8eb5c616"}
        """#

    private func task(_ text: String) throws -> TaskDocument {
        try TaskDocument(Array(text.utf8))
    }

    @Test("S1-18: an error with one of two loaded is partly loaded and shows the failure")
    func partly() throws {
        let task = try task(Self.failing)
        #expect(task.isDone)
        #expect(task.exitStatus == .partlyLoaded)
        #expect(
            task.text == """
                task       63d2dbb98954ba5c8eb5c616
                status     error
                path       /accounts_receivable/postings/batches/21176
                set        21176 (B)
                type       TRIAL, SYSTEM_XYZ
                loaded     1 of 2
                total      7798.14

                REFERENCE  ACCOUNT  CODE   AMOUNT  ERROR
                WO12345    99999    AX84  1198.20  Invalid detail code: AX84
                """
        )
    }

    @Test(
        "Each end of a task has its exit status",
        arguments: [
            (#"{"status":"accepted","path":null,"message":null,"id":"a"}"#, false, CommandEnd.done),
            (#"{"status":"processing","path":null,"message":null,"id":"a"}"#, false, .done),
            (
                #"{"status":"complete","message":{"status":"success","transactions_loaded":2},"id":"a"}"#,
                true, .done
            ),
            (
                #"{"status":"error","message":{"status":"failure","transactions_loaded":0},"id":"a"}"#,
                true, .refused
            ),
            (#"{"status":"error","message":null,"id":"a"}"#, true, .refused),
        ]
    )
    func ends(text: String, isDone: Bool, status: CommandEnd) throws {
        let task = try task(text)
        #expect(task.isDone == isDone)
        #expect(task.exitStatus == status)
    }

    @Test("A history page is a list of sets; one set is a list of one")
    func list() throws {
        let one = #"{"batch_id":"1","status":"success","transactions":[{"x":[{}]}]}"#
        #expect(try SetSummary.list(Array("[\(one),\(one)]".utf8)).count == 2)
        #expect(try SetSummary.list(Array(one.utf8)).map { $0.cell("batch_id") } == ["1"])
        #expect(try SetSummary.list(Array("[]".utf8)).isEmpty)
        #expect(throws: CommandFailure.self) { try SetSummary.list(Array("<html>".utf8)) }
    }

    @Test(
        "An HTTP refusal is 2, trouble is 4",
        arguments: [
            (400, CommandEnd.refused), (401, .refused), (403, .refused), (404, .refused),
            (409, .refused), (413, .refused), (422, .refused), (408, .trouble), (429, .trouble),
            (500, .trouble), (503, .trouble),
        ]
    )
    func answers(status: Int, exit: CommandEnd) {
        let body =
            #"{"message":"m","errors":[{"field":"/a","code":"missing","message":"give it"}]}"#
        let answer = EdgeAnswer(
            status: status,
            headers: [("x-request-id", "r1")],
            body: Array(body.utf8)
        )
        let failure = answer.failure("doing")
        #expect(failure.status == exit)
        #expect(failure.message.hasPrefix("doing: m (\(status), request r1)."))
        #expect(failure.details == ["/a: give it"])
    }

    @Test("What surely had no effect is sent again; what may have had one only with a key")
    func retries() {
        let unconnected = EdgeTrouble(url: "u", reason: "r", hadNoEffect: true)
        let lost = EdgeTrouble(url: "u", reason: "r", hadNoEffect: false)
        var budget = RetryBudget()
        #expect(budget.delay(after: .failure(lost), mayRepeat: false) == nil)
        #expect(budget.delay(after: .failure(unconnected), mayRepeat: false) == 200)
        #expect(budget.delay(after: .failure(lost), mayRepeat: true) == 400)
        let busy = EdgeAnswer(status: 503, headers: [("retry-after", "3")], body: [])
        #expect(budget.delay(after: .success(busy), mayRepeat: true) == 3_000)
        #expect(budget.delay(after: .success(busy), mayRepeat: true) == nil)
        var fresh = RetryBudget()
        let fine = EdgeAnswer(status: 202, headers: [], body: [])
        #expect(fresh.delay(after: .success(fine), mayRepeat: true) == nil)
    }

    @Test("A sources file is read whole, with every fault named at its place")
    func sources() throws {
        let csv = "source_name,account,commit_policy\nA,a,\nB,b,all_or_nothing\n"
        let records = try SourceRecord.read(Array(csv.utf8), format: .csv)
        #expect(records.map(\.commitPolicy) == ["per_transaction", "all_or_nothing"])
        let json = #"[{"source_name":"","account":"a","commit_policy":"x"},{"source_name":"B"}]"#
        do {
            _ = try SourceRecord.read(Array(json.utf8), format: .json)
            Issue.record("it has faults")
        } catch {
            #expect(error.details.map { $0.prefix(3) } == ["/0:", "/0:", "/1:"])
        }
        #expect(throws: CommandFailure.self) {
            let misspelt = #"[{"source_name":"A","account":"a","commit_polcy":"all_or_nothing"}]"#
            return try SourceRecord.read(Array(misspelt.utf8), format: .json)
        }
        #expect(throws: CommandFailure.self) {
            try SourceRecord.read(Array("source_name,acount\nA,a\n".utf8), format: .csv)
        }
    }

    @Test(
        "A file without a telling name has the format that its first character shows",
        arguments: [
            ("a.csv", "[]", ImportFile.Format.csv), ("a.json", "x", .json), ("-", " \n[", .json),
            ("a", "account_id,name", .csv), ("a", "", .csv),
        ]
    )
    func formats(name: String, text: String, format: ImportFile.Format) {
        let named = ImportFile.Format(name: name)
        #expect(named ?? ImportFile.Format(firstCharacterOf: Array(text.utf8)) == format)
    }
}
