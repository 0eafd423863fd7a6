internal import JSON
package import ServiceStore
internal import BatchRules
package import Identity
internal import Money
internal import Protocol
internal import Storage

/// Opening, closing and reconciling the sessions of cash drawers (design 1.3).
package struct DrawerSessions: Sendable {
    let parts: PaymentParts
    /// An active staff user by number; nil where there is none.
    let staff: @Sendable (Int64) -> StaffUser?

    package init(_ parts: PaymentParts, staff: @escaping @Sendable (Int64) -> StaffUser?) {
        self.parts = parts
        self.staff = staff
    }

    // MARK: Reading

    /// Every drawer with its open session (`batch.drawers.list`).
    package func list() async throws -> [UInt8] {
        try await parts.store.read { transaction in
            try JSONWriter.array { text in
                for drawer in try DrawerRow.all(in: transaction) {
                    let session = try DrawerSessionRow.open(on: drawer.id, in: transaction)
                    drawer.append(to: &text, openSession: session)
                }
            }
        }
    }

    /// One session (`batch.drawers.session`).
    package func session(_ body: [UInt8]) async throws -> [UInt8] {
        var fields = try FieldReader.reading(body)
        let place = try SessionPlace(&fields)
        try fields.finish()
        return try await parts.store.read { try place.load(in: $0).body }
    }

    // MARK: Changing

    private struct Opening: Sendable {
        var drawerID: Int64
        var cashierUserID: Int64
        var openingAmount: Int64
        var sessionID: Int64?
    }

    /// Opens a session (`batch.drawers.open`); the same again, by its own number, gives it.
    package func open(_ body: [UInt8], by caller: PaymentCaller) async throws -> KeyedReply {
        let now = parts.environment.now()
        return try await parts.keyed(
            caller,
            prepare: { try opening(body) },
            change: { opening, transaction in
                let session = try Self.open(opening, by: caller.account, at: now, in: transaction)
                if let session = session.new {
                    try Self.audit(session, caller, from: nil, at: now, in: transaction)
                    return KeyedReply(body: session.body)
                }
                return KeyedReply(body: session.known)
            }
        )
    }

    private func opening(_ body: [UInt8]) throws -> Opening {
        var fields = try FieldReader.reading(body)
        let drawer = try fields.pathIdentifier("cash_drawer_id")
        let cashier = fields.integer("cashier_user_id", required: true)
        let amount = fields.amount("opening_amount") ?? .zero
        let number = fields.integer("cash_drawer_session_id")
        if amount < .zero {
            fields.fail("opening_amount", "out_of_range", "opening_amount is not below zero.")
        }
        try fields.finish()
        guard let cashier else {
            preconditionFailure("a required member is absent without a fault")
        }
        guard let user = staff(cashier), user.isCashier, user.isActive else {
            throw RPCError.ruleBroken([
                RPCError.Detail(
                    field: "/cashier_user_id",
                    code: "not_a_cashier",
                    message: "User \(cashier) is no active cashier: name one, or import the user "
                        + "as a cashier."
                )
            ])
        }
        return Opening(
            drawerID: drawer,
            cashierUserID: cashier,
            openingAmount: amount.minorUnits,
            sessionID: number
        )
    }

    private static func open(
        _ opening: Opening,
        by account: String,
        at now: Int64,
        in transaction: WriteTransaction
    ) throws -> (new: DrawerSessionRow?, known: [UInt8]) {
        guard try DrawerRow.load(opening.drawerID, in: transaction) != nil else {
            throw RPCError.notFound
        }
        if let number = opening.sessionID,
            let known = try DrawerSessionRow.load(number, in: transaction)
        {
            guard known.drawerID == opening.drawerID,
                known.cashierUserID == opening.cashierUserID
            else {
                throw known.illegal(
                    "open",
                    because: "it is another drawer's or cashier's. Choose another number."
                )
            }
            return (nil, known.body)
        }
        if let other = try DrawerSessionRow.open(on: opening.drawerID, in: transaction) {
            throw other.illegal(
                "open",
                because: "drawer \(opening.drawerID) has at most one open session. Close it first."
            )
        }
        var session = DrawerSessionRow(
            drawerID: opening.drawerID,
            cashierUserID: opening.cashierUserID,
            openingAmount: opening.openingAmount,
            openedBy: account,
            openedAt: now
        )
        try session.insert(number: opening.sessionID, in: transaction)
        return (session, [])
    }

    /// Closes a session (`batch.drawers.close`).
    package func close(_ body: [UInt8], by caller: PaymentCaller) async throws -> KeyedReply {
        let now = parts.environment.now()
        return try await change(body, caller, needsCount: false) { session, request in
            let before = session
            switch session.machine.closed() {
            case .closed: break
            case .refused: throw before.illegal("close")
            case .paymentsOnTheirWay:
                var error = before.illegal(
                    "close",
                    because:
                        "payments of \(Amount(minorUnits: before.machine.reserved).fixedDecimal)"
                        + " are on their way. Try again in a moment."
                )
                error.retryAfterMilliseconds = 1_000
                throw error
            }
            session.countedAmount = request.countedAmount ?? session.countedAmount
            session.closedBy = caller.account
            session.closedAt = now
        }
    }

    /// Reconciles a closed session (`batch.drawers.reconcile`).
    package func reconcile(_ body: [UInt8], by caller: PaymentCaller) async throws -> KeyedReply {
        let now = parts.environment.now()
        return try await change(body, caller, needsCount: true) { session, request in
            let before = session
            guard session.machine.wasReconciled() == .reconciled else {
                throw before.illegal("reconcile")
            }
            session.countedAmount = request.countedAmount
            session.note = request.note
            session.reconciledBy = caller.account
            session.reconciledAt = now
        }
    }

    private struct Counting: Sendable {
        var place: SessionPlace
        var countedAmount: Int64?
        var note: String?
    }

    private func change(
        _ body: [UInt8],
        _ caller: PaymentCaller,
        needsCount: Bool,
        _ apply: @escaping @Sendable (inout DrawerSessionRow, Counting) throws -> Void
    ) async throws -> KeyedReply {
        let now = parts.environment.now()
        return try await parts.keyed(
            caller,
            prepare: { try Self.counting(body, isRequired: needsCount) },
            change: { request, transaction in
                var session = try request.place.load(in: transaction)
                let before = session.machine.status
                try apply(&session, request)
                try session.save(in: transaction)
                try Self.audit(session, caller, from: before, at: now, in: transaction)
                return KeyedReply(body: session.body)
            }
        )
    }

    private static func counting(_ body: [UInt8], isRequired: Bool) throws -> Counting {
        var fields = try FieldReader.reading(body)
        let place = try SessionPlace(&fields)
        let counted = fields.amount("counted_amount", required: isRequired)
        // Only reconciling takes a note: elsewhere the member is not known.
        let note = isRequired ? fields.string("note", maximumBytes: 1_000) : nil
        if let counted, counted < .zero {
            fields.fail("counted_amount", "out_of_range", "counted_amount is not below zero.")
        }
        try fields.finish()
        return Counting(place: place, countedAmount: counted?.minorUnits, note: note)
    }

    private static func audit(
        _ session: DrawerSessionRow,
        _ caller: PaymentCaller,
        from: DrawerSession.Status?,
        at now: Int64,
        in transaction: WriteTransaction
    ) throws {
        let change = JSONWriter.objectText { change in
            change.member("from", from?.rawValue)
            change.key("to")
            session.append(to: &change)
        }
        try AuditOutbox.add(
            caller.event(subject: session.subject, change: change),
            at: now,
            in: transaction
        )
    }
}

/// The session that a request names, by drawer and number.
struct SessionPlace: Sendable {
    private let drawerID: Int64
    private let sessionID: Int64

    /// Reads the two members; faults stay with the reader.
    init(_ fields: inout FieldReader) throws(RPCError) {
        drawerID = try fields.pathIdentifier("cash_drawer_id")
        sessionID = try fields.pathIdentifier("cash_drawer_session_id")
    }

    /// Throws `notFound` where the drawer has no such session.
    func load(in transaction: ReadTransaction) throws -> DrawerSessionRow {
        guard let session = try DrawerSessionRow.load(sessionID, in: transaction),
            session.drawerID == drawerID
        else { throw RPCError.notFound }
        return session
    }
}
