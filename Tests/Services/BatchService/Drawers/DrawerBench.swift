import BatchRules
import Identity
import Importing
import Money
import PaymentBatches
import Protocol
import Storage
import Testing

/// Drawers 5 and 6 of campus 1, and what is done with them; user 7 and 8 are cashiers.
struct DrawerBench {
    let bench: WorkBench
    let sessions: DrawerSessions
    static let admin = PaymentBench.caller("admin")

    init(warning: String = "800.00", restrict: String = "1000.00") async throws {
        bench = try await WorkBench()
        sessions = DrawerSessions(bench.parts) { id in
            guard [7, 8, 9].contains(id) else { return nil }
            return StaffUser(
                userID: id,
                username: "USER\(id)",
                account: "",
                role: "",
                department: "",
                isCashier: id != 9,
                isActive: true
            )
        }
        try await importDrawers(
            """
            cash_drawer_id,name,campus_id,warning_amount,restrict_amount
            5,Front desk,1,\(warning),\(restrict)
            6,Back office,1,,
            """
        )
    }

    @discardableResult
    func importDrawers(_ csv: String) async throws -> Answer {
        Answer(
            try await sessions.importDrawers(Array(csv.utf8), format: .csv, by: Self.admin)
        )
    }

    @discardableResult
    func open(
        _ drawer: Int64 = 5,
        cashier: Int64 = 7,
        more: String = "",
        as caller: PaymentCaller = DrawerBench.admin
    ) async throws -> Answer {
        let body = #"{"cash_drawer_id":"\#(drawer)","cashier_user_id":\#(cashier)\#(more)}"#
        return Answer(try await sessions.open(Array(body.utf8), by: caller))
    }

    @discardableResult
    func close(_ session: Int64, drawer: Int64 = 5, more: String = "") async throws -> Answer {
        Answer(try await sessions.close(Self.place(drawer, session, more), by: Self.admin))
    }

    @discardableResult
    func reconcile(_ session: Int64, drawer: Int64 = 5, more: String = "") async throws -> Answer {
        Answer(try await sessions.reconcile(Self.place(drawer, session, more), by: Self.admin))
    }

    func session(_ session: Int64, drawer: Int64 = 5) async throws -> Answer {
        Answer(bytes: try await sessions.session(Self.place(drawer, session, "")))
    }

    private static func place(_ drawer: Int64, _ session: Int64, _ more: String) -> [UInt8] {
        Array(
            #"{"cash_drawer_id":"\#(drawer)","cash_drawer_session_id":"\#(session)"\#(more)}"#.utf8
        )
    }

    func reserve(
        _ id: String,
        amount: Int64 = 10_000,
        drawer: Int64? = 5,
        session: Int64?,
        cashier: Int64? = 7,
        campus: Int64? = 1,
        isCheckOnly: Bool = false
    ) async throws -> DrawerReservation {
        let request = ReserveDrawer(
            reservationID: id,
            isCheckOnly: isCheckOnly,
            cashDrawerID: drawer,
            cashDrawerSessionID: session,
            cashierUserID: cashier,
            campusID: campus,
            amountMinorUnits: amount
        )
        let now = bench.clock.now.milliseconds
        return try await bench.store.write { transaction in
            try DrawerReservations.reserve(request, at: now, in: transaction)
        }
    }

    func consume(_ id: String, amount: Int64 = 10_000, session: Int64?) async throws {
        let payment = TransactionPayment(
            ledgerEntryID: 1,
            reservationID: id,
            username: "USER7",
            date: 20_833,
            department: "",
            accountID: "99999",
            amountMinorUnits: amount,
            paymentType: .cash,
            checkNumber: nil,
            description: "",
            cashDrawerID: 5,
            cashDrawerSessionID: session,
            cashierUserID: 7,
            studentAwardID: 1,
            enteredBy: "cashier"
        )
        try await bench.store.write { transaction in
            try DrawerReservations.consume(id, payment, in: transaction)
        }
    }

    /// Total, reserved and count of a session, in minor units.
    func sums(_ session: Int64) async throws -> [Int64] {
        try await bench.store.read { transaction in
            try transaction.first(
                "SELECT total, reserved, payment_count FROM cash_drawer_session WHERE id = ?1",
                [.integer(session)]
            ) { [$0.int64(0), $0.int64(1), $0.int64(2)] } ?? []
        }
    }
}
