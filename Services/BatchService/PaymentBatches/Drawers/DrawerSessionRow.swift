internal import ServiceStore
internal import BatchRules
internal import JSON
internal import Protocol
internal import Storage

/// A session of a drawer as it is saved: its machine, its sums, and who did what when.
struct DrawerSessionRow: Sendable, Equatable {
    var id: Int64
    let drawerID: Int64
    let cashierUserID: Int64
    var machine: DrawerSession
    let openingAmount: Int64
    /// What was taken in, without the opening amount.
    var total: Int64
    var paymentCount: Int64
    var countedAmount: Int64?
    var note: String?
    let openedBy: String
    let openedAt: Int64
    var closedBy: String?
    var closedAt: Int64?
    var reconciledBy: String?
    var reconciledAt: Int64?
    private var rowVersion: Int64

    init(
        drawerID: Int64,
        cashierUserID: Int64,
        openingAmount: Int64,
        openedBy: String,
        openedAt: Int64
    ) {
        id = 0
        self.drawerID = drawerID
        self.cashierUserID = cashierUserID
        machine = DrawerSession()
        self.openingAmount = openingAmount
        total = 0
        paymentCount = 0
        self.openedBy = openedBy
        self.openedAt = openedAt
        rowVersion = 0
    }

    /// How the audit trail names it.
    var subject: String { "cash_drawer_session/\(id)" }

    /// What was counted beyond what should be there; nil before it was counted.
    var difference: Int64? {
        guard let countedAmount else { return nil }
        return Int64(
            exactly: Int128(countedAmount) - Int128(openingAmount) - Int128(total)
        )
    }
}

// MARK: - Rows

extension DrawerSessionRow {
    private static let columns = """
        id, cash_drawer_id, cashier_user_id, status, opening_amount, total, reserved, payment_count,
        counted_amount, note, opened_by, opened_at, closed_by, closed_at, reconciled_by,
        reconciled_at, row_version
        """

    private init(_ row: Statement) {
        id = row.int64(0)
        drawerID = row.int64(1)
        cashierUserID = row.int64(2)
        machine = DrawerSession(
            status: DrawerSession.Status(rawValue: row.string(3)) ?? .reconciled,
            reserved: row.int64(6)
        )
        openingAmount = row.int64(4)
        total = row.int64(5)
        paymentCount = row.int64(7)
        countedAmount = row.optionalInteger(8)
        note = row.optionalString(9)
        openedBy = row.string(10)
        openedAt = row.int64(11)
        closedBy = row.optionalString(12)
        closedAt = row.optionalInteger(13)
        reconciledBy = row.optionalString(14)
        reconciledAt = row.optionalInteger(15)
        rowVersion = row.int64(16)
    }

    static func load(_ id: Int64, in transaction: ReadTransaction) throws -> DrawerSessionRow? {
        try transaction.first(
            "SELECT \(columns) FROM cash_drawer_session WHERE id = ?1",
            [.integer(id)]
        ) { DrawerSessionRow($0) }
    }

    /// The open session of a drawer.
    static func open(
        on drawerID: Int64,
        in transaction: ReadTransaction
    ) throws -> DrawerSessionRow? {
        try transaction.first(
            """
            SELECT \(columns) FROM cash_drawer_session
            WHERE cash_drawer_id = ?1 AND status = 'Open'
            """,
            [.integer(drawerID)]
        ) { DrawerSessionRow($0) }
    }

    /// Inserts a new session under its own number, or under the next where it has none.
    mutating func insert(number: Int64?, in transaction: WriteTransaction) throws {
        id = try transaction.insert(
            """
            INSERT INTO cash_drawer_session(id, cash_drawer_id, cashier_user_id, status,
                opening_amount, total, reserved, payment_count, opened_by, opened_at, row_version)
            VALUES(?1, ?2, ?3, ?4, ?5, 0, 0, 0, ?6, ?7, 0)
            """,
            [
                number.map(SQLValue.integer) ?? .null, .integer(drawerID),
                .integer(cashierUserID), .text(machine.status.rawValue), .integer(openingAmount),
                .text(openedBy), .integer(openedAt),
            ]
        )
    }

    /// Saves everything that can change, over the version that was loaded.
    mutating func save(in transaction: WriteTransaction) throws {
        let row = try transaction.statement(
            """
            UPDATE cash_drawer_session SET status = ?3, total = ?4, reserved = ?5,
                payment_count = ?6, counted_amount = ?7, note = ?8, closed_by = ?9, closed_at = ?10,
                reconciled_by = ?11, reconciled_at = ?12, row_version = row_version + 1
            WHERE id = ?1 AND row_version = ?2 RETURNING row_version
            """
        )
        defer { row.reset() }
        row.bind(1, id)
        row.bind(2, rowVersion)
        row.bind(3, machine.status.rawValue)
        row.bind(4, total)
        row.bind(5, machine.reserved)
        row.bind(6, paymentCount)
        row.bind(7, optional: countedAmount)
        row.bind(8, optional: note)
        row.bind(9, optional: closedBy)
        row.bind(10, optional: closedAt)
        row.bind(11, optional: reconciledBy)
        row.bind(12, optional: reconciledAt)
        guard try row.step() else { throw RPCError.changed("Session \(id)") }
        rowVersion = row.int64(0)
        _ = try row.step()
    }
}

// MARK: - As it is served

extension DrawerSessionRow {
    var body: [UInt8] {
        var text = JSONWriter()
        append(to: &text)
        return text.bytes
    }

    func append(to text: inout JSONWriter) {
        text.object { text in
            text.member("cash_drawer_session_id", id)
            text.member("cash_drawer_id", drawerID)
            text.member("cashier_user_id", cashierUserID)
            text.member("status", machine.status.rawValue)
            text.member("is_reconciled", Int64(machine.status == .reconciled ? 1 : 0))
            text.member("opening_amount", amount: openingAmount)
            text.member("total", amount: total)
            text.member("count", paymentCount)
            text.member("counted_amount", amount: countedAmount)
            text.member("difference", amount: difference)
            text.member("opened_by", openedBy)
            text.member("opened_at", moment: openedAt)
            text.member("closed_by", closedBy)
            text.member("closed_at", moment: closedAt)
            text.member("reconciled_by", reconciledBy)
            text.member("reconciled_at", moment: reconciledAt)
            text.member("note", note)
        }
    }

    /// The refusal of an action, with the session's state and what is allowed in it (design 1.7: 409).
    func illegal(_ action: String, because reason: String? = nil) -> RPCError {
        let allowed = machine.allowedActions
        let remedy =
            allowed.isEmpty
            ? "Nothing more can be done with it." : "Possible: \(allowed.joined(separator: ", "))."
        return .illegal(
            RPCError.Transition(
                status: machine.status.rawValue,
                lifeCycleStep: nil,
                action: action,
                allowed: allowed
            ),
            "Session \(id) is \(machine.status.rawValue): "
                + "\(reason ?? "'\(action)' is not possible.") \(remedy)"
        )
    }
}
