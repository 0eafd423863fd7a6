import JSON
import PaymentBatches
import Protocol
import Storage
import Testing

@Suite("Cash drawers and their sessions")
struct DrawerTests {
    @Test("a session is opened, closed and reconciled")
    func life() async throws {
        let bench = try await DrawerBench()
        let opened = try await bench.open(more: #","opening_amount":100.00"#)
        let id = opened.number("cash_drawer_session_id")
        #expect(opened.status == "Open")
        #expect(opened.text("is_reconciled") == "0")
        #expect(opened.text("opening_amount") == "100.0")
        #expect(try await bench.reserve("r1", session: id).faults.isEmpty)
        try await bench.consume("r1", session: id)
        let closed = try await bench.close(id)
        #expect(closed.status == "Closed")
        #expect(closed.text("total") == "100.0")
        #expect(closed.text("counted_amount") == "null")
        #expect(closed.text("difference") == "null")
        let done = try await bench.reconcile(
            id,
            more: #","counted_amount":199.50,"note":"a coin""#
        )
        #expect(done.status == "Reconciled")
        #expect(done.text("is_reconciled") == "1")
        #expect(done.text("difference") == "-0.5")
        #expect(done.text("note") == "a coin")
        #expect(done.text("closed_by") == "admin")
        #expect(try await bench.session(id).bytes == done.bytes)
        #expect(
            try await bench.bench.number("SELECT COUNT(*) FROM audit_outbox") == 4,
            "the import, and each change of the session"
        )
    }

    @Test("a drawer has one open session; the same number again is the same session")
    func oneOpen() async throws {
        let bench = try await DrawerBench()
        let first = try await bench.open(more: #","cash_drawer_session_id":20"#)
        #expect(first.number("cash_drawer_session_id") == 20)
        let again = try await bench.open(more: #","cash_drawer_session_id":20"#)
        #expect(again.bytes == first.bytes)
        await expectIllegal("open", status: "Open") { try await bench.open() }
        await expectIllegal("open", status: "Open") {
            try await bench.open(cashier: 8, more: #","cash_drawer_session_id":20"#)
        }
        try await bench.open(6)
        try await bench.close(20)
        let next = try await bench.open()
        #expect(next.number("cash_drawer_session_id") == 22)
    }

    @Test("sessions that are not there, and cashiers that are none")
    func unknown() async throws {
        let bench = try await DrawerBench()
        for cashier in [9, 99] as [Int64] {
            await expectFaults("rule_broken", ["/cashier_user_id"]) {
                try await bench.open(cashier: cashier)
            }
        }
        await #expect(throws: RPCError.notFound) { try await bench.open(77) }
        let id = try await bench.open().number("cash_drawer_session_id")
        await #expect(throws: RPCError.notFound) { try await bench.close(id, drawer: 6) }
        await #expect(throws: RPCError.notFound) { _ = try await bench.session(id + 1) }
        await expectFaults("invalid_request", ["/cashier_user_id", "/opening_amount"]) {
            try await bench.open(cashier: 0, more: #","opening_amount":-1"#)
        }
    }

    @Test("what a session's state forbids is 409")
    func states() async throws {
        let bench = try await DrawerBench()
        let id = try await bench.open().number("cash_drawer_session_id")
        await expectIllegal("reconcile", status: "Open") {
            try await bench.reconcile(id, more: #","counted_amount":0"#)
        }
        await expectFaults("invalid_request", ["/counted_amount"]) {
            try await bench.reconcile(id)
        }
        _ = try await bench.reserve("r1", session: id)
        do {
            try await bench.close(id)
            Issue.record("a payment is on its way")
        } catch let error as RPCError {
            #expect(error.transition?.status == "Open")
            #expect(error.retryAfterMilliseconds == 1_000)
        }
        try await bench.bench.store.write { try DrawerReservations.release(["r1"], in: $0) }
        try await bench.close(id)
        await expectIllegal("close", status: "Closed") { try await bench.close(id) }
        try await bench.reconcile(id, more: #","counted_amount":0"#)
        await expectIllegal("reconcile", status: "Reconciled") {
            try await bench.reconcile(id, more: #","counted_amount":0"#)
        }
    }

    @Test("drawers are imported whole or not at all, with every fault")
    func imports() async throws {
        let bench = try await DrawerBench()
        let same = try await bench.importDrawers(
            """
            cash_drawer_id,name,campus_id,warning_amount,restrict_amount
            5,Front desk,1,800.00,1000.00
            6,Back office,2,,
            7,New,1,1,1
            """
        )
        #expect(same.text("imported") == "3")
        #expect(same.text("created") == "1")
        #expect(same.text("changed") == "1")
        await expectFaults(
            "invalid_request",
            ["line 2, column 9", "line 3, column 3", "line 5, column 1"]
        ) {
            try await bench.importDrawers(
                """
                cash_drawer_id,name,campus_id,warning_amount,restrict_amount
                8,A,1,2,1
                9,,1,,
                10,A,1,,
                10,B,1,,
                """
            )
        }
        let list = Answer(bytes: try await bench.sessions.list()).elements
        #expect(list.map { $0.number("cash_drawer_id") } == [5, 6, 7])
    }

    @Test("drawers are listed with their open sessions")
    func list() async throws {
        let bench = try await DrawerBench()
        try await bench.open(more: #","cash_drawer_session_id":20"#)
        let list = Answer(bytes: try await bench.sessions.list()).elements
        #expect(list[0].node["open_session"]?["cash_drawer_session_id"] == .number("20"))
        #expect(list[0].text("restrict_amount") == "1000.0")
        #expect(list[1].text("open_session") == "null")
        #expect(list[1].text("warning_amount") == "null")
    }
}
