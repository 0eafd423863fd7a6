internal import Crypto
package import Logging
internal import NIOConcurrencyHelpers
package import Protocol

/// Carries refused calls to auth-service: in batches, again and again until they are acknowledged.
///
/// `record` never waits. Each refusal is also a line of the log, so that one that is lost to a full
/// buffer or a crash still stands there. At most 20,000 wait; beyond that the new ones are counted
/// and only logged. What a call changes does not come here, but into the transaction of the change.
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

        /// Whether the caller may send: nobody else does.
        mutating func beginSending() -> Bool {
            defer { isSending = true }
            return !isSending
        }
    }

    private let origin: String
    /// Tells this process from every other one of the same service.
    private let instance = Hexadecimal.encode(RandomBytes.make(8))
    private let logger: Logger
    private let recorded: MetricCounter
    private let dropped: MetricCounter
    private let state = NIOLockedValueBox(State())
    private let signal = Signal()
    /// Raised when a batch has travelled.
    private let arrival = Signal()

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

    /// Takes a refusal; time, origin and origin id are filled in.
    package func record(_ refusal: RefusedCall) {
        let event = stamp(refusal.event)
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

    /// Sends what waits, for the last time: what was recorded while a batch travelled too.
    ///
    /// Gives up after three failures in a row, or when the time is over.
    package func flush(seconds: Int) async {
        let end = ContinuousClock.now + .seconds(seconds)
        var backoff = Backoff()
        var failures = 0
        while waitingCount > 0, failures < Self.maximumFailures, .now < end {
            do {
                try await sendOne()
                failures = 0
            } catch {
                failures += 1
                logger.warning(
                    "audit events could not be stored yet",
                    metadata: ["waiting": "\(waitingCount)", "cause": "\(error)"]
                )
                // A cancelled sleep only makes the next attempt come sooner.
                try? await Task.sleep(for: backoff.pause())
            }
        }
    }

    private static let maximumFailures = 3

    private var hasWork: Bool {
        state.withLockedValue { !$0.waiting.isEmpty && $0.sink != nil }
    }

    private struct NoSink: Error {}

    /// Stores one batch; only one travels at a time, and who comes meanwhile waits for it.
    private func sendOne() async throws {
        var seen = arrival.count
        while !state.withLockedValue({ $0.beginSending() }) {
            await arrival.wait(after: seen, milliseconds: 1_000)
            try Task.checkCancellation()
            seen = arrival.count
        }
        defer {
            state.withLockedValue { $0.isSending = false }
            arrival.raise()
        }
        let (sink, batch) = state.withLockedValue { state in
            (state.sink, Array(state.waiting.prefix(Self.batchSize)))
        }
        guard let sink else { throw NoSink() }
        guard !batch.isEmpty else { return }
        try await sink(batch)
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
