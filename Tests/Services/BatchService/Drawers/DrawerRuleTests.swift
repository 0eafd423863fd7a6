import BatchRules
import Testing

@Suite("A drawer session's machine")
struct DrawerRuleTests {
    @Test(
        "every event in every status does what the table says",
        arguments: DrawerSession.Status.allCases,
        DrawerSessionTable.Event.allCases
    )
    func table(_ status: DrawerSession.Status, _ event: DrawerSessionTable.Event) {
        var session = DrawerSession(status: status, reserved: 0)
        let target = DrawerSessionTable.target(of: event, from: status)
        switch event {
        case .close: #expect(session.closed() == (target == nil ? .refused : .closed))
        case .reconcile:
            #expect(session.wasReconciled() == (target == nil ? .refused : .reconciled))
        }
        #expect(session.status == target ?? status)
        #expect(DrawerSessionTable.allowed(in: status).contains(event.rawValue) == (target != nil))
    }

    @Test("payments on their way keep a session open")
    func reserved() {
        var session = DrawerSession(status: .open, reserved: 1)
        #expect(session.closed() == .paymentsOnTheirWay)
        #expect(session.status == .open)
    }

    @Test(
        "room is judged to the cent",
        arguments: [
            (0, 0, 100, DrawerRoom.Verdict.free), (700, 99, 1, .warned(limit: 800)),
            (700, 98, 1, .free), (800, 100, 100, .warned(limit: 800)),
            (800, 100, 101, .refused(limit: 1_000)), (1_000, 0, 1, .refused(limit: 1_000)),
            (Int64.max, Int64.max, Int64.max, .refused(limit: 1_000)),
        ] as [(Int64, Int64, Int64, DrawerRoom.Verdict)]
    )
    func room(_ total: Int64, _ reserved: Int64, _ amount: Int64, _ verdict: DrawerRoom.Verdict) {
        let room = DrawerRoom(warningAmount: 800, restrictAmount: 1_000)
        #expect(room.verdict(total: total, reserved: reserved, amount: amount) == verdict)
    }

    @Test("a drawer without amounts takes what can be counted")
    func noLimits() {
        let room = DrawerRoom(warningAmount: nil, restrictAmount: nil)
        #expect(room.verdict(total: Int64.max - 1, reserved: 0, amount: 1) == .free)
        #expect(
            room.verdict(total: Int64.max, reserved: 0, amount: 1) == .refused(limit: Int64.max)
        )
    }
}
