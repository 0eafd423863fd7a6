import ArgumentParser
import Identity
import JSON
import Money
import Protocol
import Testing

@testable import BursarCommands

@Suite("What the commands of payments read and show")
struct PaymentTests {
    private func node(_ text: String) throws -> JSONNode {
        try #require(JSONNode(Array(text.utf8)))
    }

    private func text(_ body: JSONNode) -> String { String(decoding: body.bytes, as: UTF8.self) }

    // MARK: Agreeing

    @Test(
        "A count and total are agreed to as typed",
        arguments: [
            ("2 375.50", true), ("  2   375.5 ", true), ("2 375.500", true), ("2 375.51", false),
            ("3 375.50", false), ("2", false), ("", false), ("yes", false), ("2 375.50 x", false),
            ("2 3,75.50", true), ("375.50 2", false),
        ]
    )
    func typed(line: String, agrees: Bool) throws {
        let found = Extent(count: 2, total: try #require(AmountArgument(argument: "375.50")).amount)
        #expect((Extent(typed: line) == found) == agrees)
        #expect("\(found)" == "2 payments of 375.50")
    }

    private func agreement(_ arguments: [String]) throws -> Agreement {
        try Agreement.parse(arguments)
    }

    @Test("--yes agrees to what is found; --count and --total only to themselves")
    func options() throws {
        let found = Extent(count: 2, total: try #require(AmountArgument(argument: "375.50")).amount)
        try agreement(["--yes"]).confirm("Post", found)
        try agreement(["--count", "2", "--total", "375.5"]).confirm("Post", found)
        let wrong = try agreement(["--count", "2", "--total", "375"])
        let failure = #expect(throws: CommandFailure.self) { try wrong.confirm("Post", found) }
        #expect(failure?.status == .refused)
        #expect(failure?.message.contains("2 payments of 375.50") == true)
    }

    @Test(
        "Half an agreement, or two of them, is wrong usage",
        arguments: [
            ["--count", "2"], ["--total", "5"], ["--yes", "--count", "2", "--total", "5"],
        ]
    )
    func wrongOptions(arguments: [String]) {
        #expect(throws: (any Error).self) { try agreement(arguments) }
    }

    // MARK: Arguments

    @Test(
        "A type is its letter or its word",
        arguments: [
            ("C", "C"), ("c", "C"), ("Cash", "C"), ("credit card", "R"), ("EFT", "E"), ("H", "H"),
            ("check", "H"), ("ACH", "I"), ("o", "O"), ("X", nil), ("", nil),
        ] as [(String, String?)]
    )
    func types(argument: String, letter: String?) {
        #expect(PaymentTypeArgument(argument: argument)?.type.rawValue == letter)
    }

    @Test(
        "Amounts have at most two decimals",
        arguments: [
            ("125", "125.0"), ("1,250.50", "1250.5"), ("0.01", "0.01"), ("1.005", nil), ("x", nil),
            ("", nil),
        ] as [(String, String?)]
    )
    func amounts(argument: String, sent: String?) {
        #expect(AmountArgument(argument: argument)?.node == sent.map { .number($0) })
    }

    @Test("Members without a value are left out")
    func optionalMembers() {
        #expect(text(JSONNode(members: [("a", nil), ("b", .number("1"))])) == #"{"b":1}"#)
    }

    @Test(
        "A setting's value is sent as what it looks like",
        arguments: [
            ("true", JSONNode.boolean(true)), ("25.00", .number("25.00")), ("7", .number("7")),
            ("NSF1", .string("NSF1")), ("\"x\"", .string("\"x\"")), ("", .string("")),
            ("null", .string("null")), ("01", .string("01")),
        ]
    )
    func settingValues(argument: String, sent: JSONNode) {
        #expect(SettingsCommand.node(argument, like: nil) == sent)
        #expect(SettingsCommand.node(argument, like: .number("1")) == sent)
        #expect(SettingsCommand.node(argument, like: .string("A")) == .string(argument))
    }

    @Test(
        "Command lines that say too little or too much are wrong usage",
        arguments: [
            "payments close", "payments close 3 --username a --date 2026-01-31",
            "payments close --username a", "payments delete",
            "payments delete --batch 1 --empty-batch 2",
            "payments add --username a --account 1 --amount 1.005 --type C",
            "payments add --username a --account 1 --amount 1 --type X",
            "payments post 3 --username a", "payments batches --date 31.01.2026",
            "report 90-10 --campus 5 --fiscal-year 2025 --json --format csv",
            "payments release 3 --idempotency-key a\u{e4}",
        ]
    )
    func wrongUsage(line: String) {
        #expect(throws: (any Error).self) {
            try Bursar.parseAsRoot(line.split(separator: " ").map(String.init))
        }
    }

    @Test(
        "Each command chooses the key of whom it is for",
        arguments: [
            ("payments batch 3", KeyChoice.source), ("payments review", .other),
            ("payments post 3", .other), ("settings", .admin), ("workflow show", .admin),
        ]
    )
    func keys(line: String, key: KeyChoice) throws {
        let command = try Bursar.parseAsRoot(line.split(separator: " ").map(String.init))
        let chosen =
            switch command {
            case let command as PaymentsCommand.Batch: command.keyOption.key
            case let command as PaymentsCommand.Review: command.keyOption.key
            case let command as PaymentsCommand.Post: command.keyOption.key
            case let command as SettingsCommand: command.keyOption.key
            case let command as WorkflowCommand.Show: command.keyOption.key
            default: nil as KeyChoice?
            }
        #expect(chosen == key)
    }

    // MARK: Showing

    @Test("An object is a line for each member that has a value")
    func lines() throws {
        let batch = try node(
            #"{"batch_id":3,"status":"Open","total":375.5,"deposit_number":null,"department":"","tenders":[]}"#
        )
        #expect(PaymentText.lines(batch) == "batch id  3\nstatus    Open\ntotal     375.50")
    }

    @Test("A batch shows its tenders and what may be done with it")
    func batch() throws {
        let batch = try node(
            #"{"batch_id":3,"tenders":[{"payment_type":"C","name":"Cash","count":1,"total":125.0}],"#
                + #""allowed":["close","add"]}"#
        )
        #expect(
            BatchView.text(batch) == """
                batch id  3

                PAYMENT TYPE  NAME  COUNT   TOTAL
                C             Cash      1  125.00

                allowed now: close, add
                """
        )
    }

    @Test("A proof listing has its batches and a balanced journal")
    func journalRun() throws {
        let run = JournalRun(
            node: try node(
                #"{"run_id":9,"status":"Posted","proof":true,"count":2,"total":375.5,"#
                    + #""batches":[{"batch_id":3,"count":2,"total":375.5}],"#
                    + #""lines":[{"gl_account":"1000-0001","debit":375.5,"credit":0.0},"#
                    + #"{"gl_account":"1200-0000","debit":0.0,"credit":375.5}]}"#
            )
        )
        #expect(run.isDone && run.isProof && !run.hasFailed)
        #expect(try PaymentText.extent(run.node).typed == "`2 375.50`")
        #expect(run.text.contains("       3      2  375.50"))
        #expect(run.text.contains("1200-0000     0.00  375.50"))
    }

    @Test("A failed run says why")
    func failedRun() throws {
        let run = JournalRun(
            node: try node(
                #"{"run_id":9,"status":"Failed","error":{"reason":"period_closed","message":"2024/03 is closed."}}"#
            )
        )
        #expect(run.hasFailed)
        #expect(run.failure == "2024/03 is closed.")
        #expect(!JournalRun(node: try node(#"{"status":"Running"}"#)).isDone)
    }

    @Test("A dry run shows what is deleted and what is not, with the reason")
    func deletion() throws {
        let text = PaymentsCommand.Delete.text(
            try node(
                #"{"dry_run":true,"count":2,"total":48.0,"#
                    + #""batches":[{"batch_id":3,"count":2,"total":48.0}],"#
                    + #""skipped":[{"reason":"posted","count":1,"total":5.0}]}"#
            )
        )
        #expect(
            text == """
                BATCH ID  COUNT  TOTAL
                       3      2  48.00

                Skipped:
                REASON  COUNT  TOTAL
                posted      1   5.00
                """
        )
    }

    @Test("A report is lines and tables, whatever its members are")
    func report() throws {
        let report = try node(
            #"{"campus_id":5,"federal":{"net":900.0,"count":2},"#
                + #""lines":[{"name":"Loan","net":900.0},{"name":"Own","net":100.5}],"findings":[]}"#
        )
        #expect(
            ReportText.text(report) == """
                campus id  5

                federal:
                net    900.00
                count  2

                lines:
                NAME     NET
                Loan  900.00
                Own   100.50
                """
        )
    }

    @Test("A workflow that is switched off keeps its rules, without what the server alone sets")
    func workflowOff() throws {
        let workflow = try node(
            #"{"enabled":true,"unmatched":"wait","row_version":4,"rules":[{"step":10,"#
                + #""min_amount":1000.0,"max_amount":null,"approvers":["role:A"],"id":1}]}"#
        )
        #expect(
            text(WorkflowCommand.off(workflow))
                == #"{"enabled":false,"unmatched":"wait","rules":[{"step":10,"#
                + #""min_amount":1000.0,"approvers":["role:A"]}]}"#
        )
    }

    @Test(
        "A1-21: the next page's key is told from a request's own id",
        arguments: [
            ("eyJsYXN0Ijo1fQ", true), ("42249f56ea25c8c01d924361bff9ea59", false), (nil, false),
        ] as [(String?, Bool)]
    )
    func continuation(field: String?, isKey: Bool) {
        let answer = EdgeAnswer(
            status: 200,
            headers: field.map { [("x-request-id", $0)] } ?? [],
            body: []
        )
        #expect(answer.continuationKey == (isKey ? field : nil))
    }

    // MARK: Demo data

    @Test("Every row of the demo data has its columns")
    func demoFiles() throws {
        let files =
            DemoPaymentData.reference.map(\.csv) + [
                DemoPaymentData.detailCodes, DemoPaymentData.drawers,
                ([DemoPaymentData.roleColumns] + DemoPaymentData.roles.map(\.line))
                    .joined(separator: "\n"),
                ([DemoPaymentData.userColumns] + DemoPaymentData.users.map(\.line))
                    .joined(separator: "\n"),
                String(
                    decoding: DemoPaymentData.accountFile(DemoPaymentData.accounts),
                    as: UTF8.self
                ),
            ]
        for file in files { #expect(try !CSV(Array(file.utf8)).records.isEmpty) }
    }

    @Test("S0-13: whoever enters may not release, and the administrator holds no scope of money")
    func demoGrants() throws {
        let clerk = try #require(DemoData.sources.first { $0.key == .source })
        let reviewer = try #require(DemoData.sources.first { $0.key == .other })
        #expect(!clerk.scopes.contains(.batchesReview) && !clerk.scopes.contains(.batchesPost))
        #expect(reviewer.scopes.contains(.batchesReview))
        #expect(Set(clerk.scopes).count == clerk.scopes.count)
        #expect(Set(reviewer.scopes).count == reviewer.scopes.count)
    }
}
