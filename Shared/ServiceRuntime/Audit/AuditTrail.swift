internal import Crypto
package import Logging
internal import NIOConcurrencyHelpers
package import Protocol

/// Carries audit events to auth-service: in batches, again and again until they are acknowledged.
///
/// `record` never waits. Each event is also a line of the log, so that one that is lost to a full
/// buffer or a crash still stands there. At most 20,000 events wait; beyond that the new ones are
/// counted and only logged.
package final class AuditTrail: Sendable {
    package static let maximumWaiting = 20_000
    package static let batchSize = 500

    /// Stores events and returns once they are durable; throws to be asked again.
    package typealias Sink = @Sendable ([AuditEvent]) async throws -> Void

    private struct State {
        var sink: Sink?
        var waiting: [AuditEvent] = []
        var sequence: UInt64 = 0
        var isSending = false
    }

    private let origin: String
    /// Tells this process from every other one of the same service.
    private let instance = Hexadecimal.encode(RandomBytes.make(8))
    private let logger: Logger
    private let recorded: MetricCounter
    private let dropped: MetricCounter
    private let state = NIOLockedValueBox(State())
    private let signal = Signal()

    /// `origin` is the service's name.
    package init(origin: String, logger: Logger, metrics: MetricsRegistry) {
        self.origin = origin
        self.logger = logger
        recorded = metrics.counter(
            "bursar_audit_events_total",
            help: "Audit events that were recorded here."
        )
        dropped = metrics.counter(
            "bursar_audit_events_dropped_total",
            help: "Audit events that stand in the log only, because too many were waiting."
        )
        let state = state
        metrics.sample("bursar_audit_events_waiting", help: "Audit events not stored yet.") {
            Double(state.withLockedValue { $0.waiting.count })
        }
    }

    /// Names the place where events go; before that they wait.
    package func connect(_ sink: @escaping Sink) {
        state.withLockedValue { $0.sink = sink }
        signal.raise()
    }

    /// Takes one event.
    ///
    /// Time, origin and origin id are filled in where they are empty.
    ///
    /// A caller that records from its own durable state gives an `originID` of its own, so that
    /// recording again after a crash has no effect.
    package func record(_ event: AuditEvent) {
        let event = stamp(event)
        let isKept = state.withLockedValue { state in
            guard state.waiting.count < Self.maximumWaiting else { return false }
            state.waiting.append(event)
            return true
        }
        recorded.increment()
        if !isKept { dropped.increment() }
        log(event, isKept: isKept)
        signal.raise()
    }

    /// The event with time, origin and origin id filled in where they are empty.
    package func stamp(_ event: AuditEvent) -> AuditEvent {
        var event = event
        if event.at.isEmpty { event.at = Timestamps.format(milliseconds: Timestamps.now()) }
        if event.origin.isEmpty { event.origin = origin }
        if event.originID.isEmpty {
            let sequence = state.withLockedValue { state in
                state.sequence += 1
                return state.sequence
            }
            event.originID = "\(instance)-\(sequence)"
        }
        return event
    }

    /// Counts and logs an event that its recorder has stored by itself.
    package func noteStored(_ event: AuditEvent) {
        recorded.increment()
        log(event, isKept: true)
    }

    /// Events that are not stored yet.
    package var waitingCount: Int { state.withLockedValue { $0.waiting.count } }

    /// Sends what waits.
    var loop: BackgroundLoop {
        BackgroundLoop(
            "audit_trail",
            "Carries the audit events of this process to auth-service.",
            every: .seconds(1),
            wokenBy: signal
        ) {
            while !Task.isCancelled, self.hasWork { try await self.sendOne() }
            return nil
        }
    }

    /// Sends what waits, for the last time; at most `attempts` failures are borne.
    package func flush(attempts: Int = 3) async {
        var left = attempts
        while waitingCount > 0, left > 0 {
            do {
                try await sendOne()
            } catch {
                left -= 1
                logger.warning(
                    "audit events could not be stored yet",
                    metadata: ["waiting": "\(waitingCount)", "cause": "\(error)"]
                )
            }
        }
    }

    private var hasWork: Bool {
        state.withLockedValue { !$0.waiting.isEmpty && $0.sink != nil }
    }

    private struct NoSink: Error {}

    /// Stores one batch; only one travels at a time.
    private func sendOne() async throws {
        let (sink, batch) = state.withLockedValue { state -> (Sink?, [AuditEvent]) in
            guard !state.isSending, let sink = state.sink else { return (nil, []) }
            state.isSending = true
            return (sink, Array(state.waiting.prefix(Self.batchSize)))
        }
        guard let sink else { throw NoSink() }
        defer { state.withLockedValue { $0.isSending = false } }
        if !batch.isEmpty { try await sink(batch) }
        state.withLockedValue { $0.waiting.removeFirst(batch.count) }
    }

    private func log(_ event: AuditEvent, isKept: Bool) {
        logger.log(
            level: event.outcome == .refused || !isKept ? .warning : .info,
            isKept ? "audit" : "audit, not stored: too many events wait",
            metadata: [
                "outcome": "\(event.outcome.rawValue)", "actor": "\(event.actor)",
                "key_id": "\(event.keyID)", "token_id": "\(event.tokenID)",
                "peer": "\(event.peer)", "action": "\(event.action)", "scope": "\(event.scope)",
                "subject": "\(event.subject)", "reason": "\(event.reason)",
                "request_id": "\(event.requestID)", "origin_id": "\(event.originID)",
            ]
        )
    }
}
