/// The request of `auth.audit.query`: every filter that is given must fit; newest first.
package struct AuditQuery: Codable, Sendable {
    /// RFC 3339; a date alone stands for the whole day.
    package var from: String?
    package var to: String?
    package var actor: String?
    package var outcome: String?
    /// Only events with a smaller number: those after a page.
    package var beforeID: Int64?
    /// `PageLimits.sizes`.
    package var limit: Int?

    package init(
        from: String? = nil,
        to: String? = nil,
        actor: String? = nil,
        outcome: String? = nil,
        beforeID: Int64? = nil,
        limit: Int? = nil
    ) {
        self.from = from
        self.to = to
        self.actor = actor
        self.outcome = outcome
        self.beforeID = beforeID
        self.limit = limit
    }

    private enum CodingKeys: String, CodingKey {
        case from, to, actor, outcome
        case beforeID = "before_id"
        case limit
    }
}

/// The reply of `auth.audit.verify`.
package struct AuditChainReport: Encodable, Sendable, Equatable {
    /// Events that the chain holds up to its first fault.
    package var events: Int64
    /// The hash of the last good event.
    package var head: String
    /// The first event that is changed or missing.
    package var firstBrokenID: Int64?

    package init(events: Int64, head: String, firstBrokenID: Int64?) {
        self.events = events
        self.head = head
        self.firstBrokenID = firstBrokenID
    }

    private enum CodingKeys: String, CodingKey {
        case events, head
        case firstBrokenID = "first_broken_id"
    }
}
