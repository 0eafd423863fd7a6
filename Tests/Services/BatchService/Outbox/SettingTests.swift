import PaymentBatches
import Protocol
import Storage
import Testing

@Suite("Settings of payments")
struct SettingTests {
    private static func put(
        _ bench: WorkBench,
        _ name: String,
        _ value: String
    ) async throws -> Answer {
        let body = #"{"name":"\#(name)","value":\#(value)}"#
        return Answer(
            try await PaymentSettings(bench.parts).put(
                Array(body.utf8),
                by: PaymentBench.caller("admin")
            )
        )
    }

    @Test("every setting has a value from the start")
    func defaults() async throws {
        let bench = try await WorkBench()
        let list = Answer(bytes: try await PaymentSettings(bench.parts).list()).elements
        #expect(
            list.map { "\($0.text("name"))=\($0.text("value"))" } == [
                "workflow_enabled=false", "workflow_unmatched=approve", "nsf_charge_amount=0.0",
                "nsf_detail_code=",
            ]
        )
        #expect(list.allSatisfy { !$0.text("description").isEmpty })
    }

    @Test(
        "a value of the setting's kind is kept and audited",
        arguments: [
            ("workflow_enabled", "true", "true"), ("workflow_unmatched", #""wait""#, "wait"),
            ("nsf_charge_amount", "25.00", "25.0"), ("nsf_detail_code", #""NSF1""#, "NSF1"),
            ("nsf_detail_code", #""""#, ""),
        ]
    )
    func puts(_ name: String, _ value: String, _ kept: String) async throws {
        let bench = try await WorkBench()
        let answer = try await Self.put(bench, name, value)
        #expect(answer.text("value") == kept)
        let list = Answer(bytes: try await PaymentSettings(bench.parts).list()).elements
        #expect(list.first { $0.text("name") == name }?.text("value") == kept)
        // The empty code is what the setting has from the start.
        let events = kept.isEmpty ? 0 : 1
        #expect(try await bench.number("SELECT COUNT(*) FROM audit_outbox") == events)
    }

    @Test("S1-3: a change and its audit row are one: neither is there without the other")
    func audited() async throws {
        let bench = try await WorkBench()
        try await bench.parts.store.write { transaction in
            _ = try transaction.execute(
                """
                CREATE TRIGGER no_audit BEFORE INSERT ON audit_outbox
                BEGIN SELECT RAISE(ABORT, 'no audit'); END
                """
            )
        }
        await #expect(throws: (any Error).self) {
            try await Self.put(bench, "nsf_charge_amount", "25.00")
        }
        #expect(try await bench.number("SELECT COUNT(*) FROM payment_setting") == 0)
        try await bench.parts.store.write { _ = try $0.execute("DROP TRIGGER no_audit") }
        for value in ["25.00", "25", "30.00"] {
            _ = try await Self.put(bench, "nsf_charge_amount", value)
        }
        let rows = """
            SELECT COUNT(*) FROM audit_outbox WHERE CAST(event AS TEXT) LIKE '%after%'
            """
        #expect(try await bench.number(rows) == 2)
        #expect(try await bench.number(rows + " AND CAST(event AS TEXT) LIKE '%25.0,%30.0}%'") == 1)
    }

    @Test(
        "any other value is refused",
        arguments: [
            ("workflow_enabled", #""true""#), ("workflow_unmatched", #""maybe""#),
            ("nsf_charge_amount", "-1"), ("nsf_charge_amount", "1.001"),
            ("nsf_charge_amount", #""25""#), ("nsf_detail_code", "5"),
            ("nsf_detail_code", #""a b""#),
        ]
    )
    func refuses(_ name: String, _ value: String) async throws {
        let bench = try await WorkBench()
        await expectFaults("invalid_request", ["/value"]) {
            try await Self.put(bench, name, value)
        }
    }

    @Test("the detail code of the NSF fee must be one that charges are booked under")
    func unusableCode() async throws {
        let bench = try await WorkBench()
        await expectFaults("rule_broken", ["/value"]) {
            try await Self.put(bench, "nsf_detail_code", #""NONE""#)
        }
    }

    @Test("an unknown setting is refused with the names there are")
    func unknown() async throws {
        let bench = try await WorkBench()
        await expectFaults("invalid_request", ["/name"]) { try await Self.put(bench, "x", "1") }
    }

    @Test("a workflow is refused whole, with every fault")
    func workflow() async throws {
        let bench = try await WorkBench()
        let body = """
            {"enabled":true,"rules":[
            {"step":1,"min_amount":5,"max_amount":1,"approvers":["user:A"]},
            {"step":2,"approvers":[]},
            {"step":3,"catch_all":true,"approvers":["somebody"]},
            {"step":4,"approvers":["role:R"]}]}
            """
        do {
            _ = try await WorkflowParameters(bench.parts).put(
                Array(body.utf8),
                by: PaymentBench.caller("admin")
            )
            Issue.record("it was accepted")
        } catch let error as RPCError {
            #expect(error.reason == "invalid_request")
            #expect(
                error.details.map(\.field) == [
                    "/rules/0/max_amount", "/rules/1/approvers", "/rules/2/approvers",
                ]
            )
        }
        #expect(try await bench.number("SELECT COUNT(*) FROM workflow_rule") == 0)
    }
}
