/// The state machine of a cashier's session on a drawer (design 1.3).
///
/// Dimensions: the status; what is reserved for payments on their way. `reconciled` is terminal. Invalid
/// events are the caller's: each method answers with a refusal and changes nothing. None is our bug. A
/// payment that arrives late, after its reservation was given back, is taken in whatever the status: the
/// money is real.
package struct DrawerSession: Sendable, Equatable {
    /// The status word as it is stored and served.
    package enum Status: String, Sendable, CaseIterable {
        case open = "Open"
        case closed = "Closed"
        case reconciled = "Reconciled"
    }

    package private(set) var status: Status
    /// Minor units held for payments on their way.
    package var reserved: Int64

    /// A session as its cashier opens it.
    package init() { self.init(status: .open, reserved: 0) }

    /// A session as it was saved.
    package init(status: Status, reserved: Int64) {
        self.status = status
        self.reserved = reserved
    }

    package enum OnClosed: Sendable, Equatable {
        case closed
        /// Payments are on their way: try again.
        case paymentsOnTheirWay
        case refused
    }

    /// Its cashier closes it.
    package mutating func closed() -> OnClosed {
        guard status == .open else { return .refused }
        guard reserved == 0 else { return .paymentsOnTheirWay }
        status = .closed
        return .closed
    }

    package enum OnReconciled: Sendable, Equatable {
        case reconciled
        case refused
    }

    /// What it took in was counted.
    package mutating func wasReconciled() -> OnReconciled {
        guard status == .closed else { return .refused }
        status = .reconciled
        return .reconciled
    }

    /// What may be asked of the session now.
    package var allowedActions: [String] { DrawerSessionTable.allowed(in: status) }
}

/// The transitions of `DrawerSession` as data: what a refusal names, and what a test walks.
package enum DrawerSessionTable {
    package enum Event: String, Sendable, CaseIterable {
        case close, reconcile
    }

    package struct Row: Sendable, Equatable {
        package let from: DrawerSession.Status
        package let event: Event
        package let to: DrawerSession.Status

        init(_ from: DrawerSession.Status, _ event: Event, _ to: DrawerSession.Status) {
            self.from = from
            self.event = event
            self.to = to
        }
    }

    /// Every allowed transition; a pair that is not here is refused.
    package static let rows: [Row] = [
        Row(.open, .close, .closed),
        Row(.closed, .reconcile, .reconciled),
    ]

    package static func target(
        of event: Event,
        from status: DrawerSession.Status
    )
        -> DrawerSession.Status?
    {
        rows.first { $0.from == status && $0.event == event }?.to
    }

    package static func allowed(in status: DrawerSession.Status) -> [String] {
        rows.filter { $0.from == status }.map(\.event.rawValue)
    }
}
