internal import BatchRules
internal import Money
internal import Protocol
internal import Storage

/// Judges whether a payment may go into the drawer, session and cashier that it names; every fault is
/// found, each under the name of the request's property.
struct DrawerJudgement {
    private enum Property {
        static let drawer = "cashDrawerId"
        static let session = "cashDrawerSessionId"
        static let cashier = "cashierUserId"
    }

    private let request: ReserveDrawer
    private let drawer: DrawerRow?
    let session: DrawerSessionRow?
    private(set) var faults: [RPCError.Detail] = []
    private(set) var warnings: [RPCError.Detail] = []

    init(_ request: ReserveDrawer, in transaction: ReadTransaction) throws {
        self.request = request
        drawer = try request.cashDrawerID.flatMap { try DrawerRow.load($0, in: transaction) }
        session = try request.cashDrawerSessionID.flatMap {
            try DrawerSessionRow.load($0, in: transaction)
        }
    }

    mutating func judge() {
        judgeDrawer()
        judgeSession()
        judgeCashier()
        judgeRoom()
    }

    private mutating func judgeDrawer() {
        guard let id = request.cashDrawerID else {
            return missing(Property.drawer)
        }
        guard let drawer else {
            return fail(
                Property.drawer,
                "unknown",
                "Cash drawer \(id) is not known: name another, or import it."
            )
        }
        if let campus = request.campusID, drawer.campusID != campus {
            fail(
                Property.drawer,
                "wrong_campus",
                "Cash drawer \(id) is of campus \(drawer.campusID), not of campus \(campus): name "
                    + "a drawer of that campus."
            )
        }
    }

    private mutating func judgeSession() {
        guard let id = request.cashDrawerSessionID else {
            return missing(Property.session)
        }
        guard let session else {
            return fail(
                Property.session,
                "unknown",
                "Cash drawer session \(id) is not known: open one, or name another."
            )
        }
        if let drawerID = request.cashDrawerID, session.drawerID != drawerID {
            fail(
                Property.session,
                "wrong_drawer",
                "Session \(id) is of cash drawer \(session.drawerID), not of \(drawerID): name the "
                    + "open session of that drawer."
            )
        }
        if session.machine.status != .open {
            let isReconciled = session.machine.status == .reconciled ? 1 : 0
            fail(
                Property.session,
                "not_open",
                "Session \(id) is \(session.machine.status.rawValue) (IsReconciled "
                    + "\(isReconciled)): open another session of the drawer."
            )
        }
    }

    private mutating func judgeCashier() {
        guard let id = request.cashierUserID else {
            return missing(Property.cashier)
        }
        if let session, session.cashierUserID != id {
            fail(
                Property.cashier,
                "wrong_cashier",
                "Session \(session.id) is of cashier \(session.cashierUserID), not of user \(id): "
                    + "name the session of that cashier."
            )
        }
    }

    private mutating func judgeRoom() {
        guard let session, session.machine.status == .open else { return }
        guard request.amountMinorUnits > 0 else {
            return fail(Property.session, "out_of_range", "The amount is above zero.")
        }
        // The limits are of the drawer that the request names: another one's was refused above.
        guard let drawer, drawer.id == session.drawerID else { return }
        let verdict = drawer.room.verdict(
            total: session.total,
            reserved: session.machine.reserved,
            amount: request.amountMinorUnits
        )
        switch verdict {
        case .free: break
        case .warned(let limit):
            warnings.append(
                RPCError.Detail(
                    field: Property.session,
                    code: "warning_amount",
                    message: "Session \(session.id) reaches its warning amount of "
                        + "\(Amount(minorUnits: limit).fixedDecimal): close it soon."
                )
            )
        case .refused(let limit):
            fail(
                Property.session,
                "restrict_amount",
                "Session \(session.id) would pass its restrict amount of "
                    + "\(Amount(minorUnits: limit).fixedDecimal): close it and open another, or "
                    + "use another drawer."
            )
        }
    }

    private mutating func missing(_ property: String) {
        // A request that only looks names what it has: its other faults are found elsewhere.
        guard !request.isCheckOnly else { return }
        fail(property, "missing", "\(property) is required where cashiering is in use.")
    }

    private mutating func fail(_ property: String, _ code: String, _ message: String) {
        faults.append(RPCError.Detail(field: property, code: code, message: message))
    }
}
