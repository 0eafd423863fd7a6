/// The transitions of `PostingTask` as data: what a refusal names, and what a test walks.
package enum PostingTaskTable {
    /// The events that can happen to a task, as a table knows them: the outcome of a reply is part of
    /// its name.
    package enum Event: String, Sendable, CaseIterable {
        case leased, heartbeat
        case leaseExpired = "lease_expired"
        case ownerLost = "owner_lost"
        case postedWhole = "posted_whole"
        case postedWithFailures = "posted_with_failures"
        case refused, withdrawn, unavailable
        case outcomeUnknown = "outcome_unknown"
        case unreadable
    }

    package struct Row: Sendable, Equatable {
        package let from: PostingTask.Status
        package let event: Event
        package let to: PostingTask.Status
    }

    /// Every allowed transition.
    ///
    /// A pair that is not here leaves the task as it is.
    package static let rows: [Row] = [
        Row(from: .accepted, event: .leased, to: .processing),
        Row(from: .processing, event: .heartbeat, to: .processing),
        Row(from: .processing, event: .leaseExpired, to: .accepted),
        Row(from: .processing, event: .ownerLost, to: .accepted),
        Row(from: .processing, event: .postedWhole, to: .complete),
        Row(from: .processing, event: .postedWithFailures, to: .error),
        Row(from: .processing, event: .refused, to: .error),
        Row(from: .processing, event: .withdrawn, to: .error),
        Row(from: .processing, event: .unavailable, to: .accepted),
        Row(from: .processing, event: .outcomeUnknown, to: .accepted),
        Row(from: .processing, event: .unreadable, to: .accepted),
    ]

    /// What may happen to a task in `status`.
    package static func allowed(in status: PostingTask.Status) -> [Event] {
        rows.filter { $0.from == status }.map(\.event)
    }

    /// Where `event` leads from `status`; nil where it changes nothing.
    package static func target(
        of event: Event,
        from status: PostingTask.Status
    )
        -> PostingTask.Status?
    {
        rows.first { $0.from == status && $0.event == event }?.to
    }
}
