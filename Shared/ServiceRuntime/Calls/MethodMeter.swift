internal import NIOConcurrencyHelpers
internal import Protocol
internal import Transport

/// Counts the calls of one method: by status, by duration, by bytes, and those in flight.
final class MethodMeter: Sendable {
    private let method: String
    private let metrics: MetricsRegistry
    private let inFlight: MetricGauge
    private let duration: MetricHistogram
    private let bytes: MetricCounter
    private let byStatus = NIOLockedValueBox<[RPCStatus: MetricCounter]>([:])

    init(_ method: String, _ metrics: MetricsRegistry) {
        self.method = method
        self.metrics = metrics
        let labels = [("method", method)]
        inFlight = metrics.gauge(
            "bursar_rpc_in_flight",
            help: "Calls whose handler runs.",
            labels: labels
        )
        duration = metrics.histogram(
            "bursar_rpc_duration_seconds",
            help: "Time from a call's dispatch to its reply.",
            labels: labels
        )
        bytes = metrics.counter(
            "bursar_rpc_request_bytes_total",
            help: "Bytes of request bodies, as far as their length was announced.",
            labels: labels
        )
        count(.ok, by: 0)
    }

    func measure(
        requestBytes: Int?,
        _ body: () async throws -> OutgoingReply
    ) async throws -> OutgoingReply {
        inFlight.increment(by: 1)
        let start = Timestamps.monotonic()
        defer {
            inFlight.decrement(by: 1)
            duration.recordNanoseconds(Timestamps.monotonic() - start)
            bytes.increment(by: Int64(requestBytes ?? 0))
        }
        do {
            let reply = try await body()
            count(.ok, by: 1)
            return reply
        } catch let error as RPCError {
            count(error.status, by: 1)
            throw error
        } catch is CancellationError {
            count(.cancelled, by: 1)
            throw CancellationError()
        } catch {
            count(.internal, by: 1)
            throw error
        }
    }

    private func count(_ status: RPCStatus, by amount: Int64) {
        let counter = byStatus.withLockedValue { held in
            if let counter = held[status] { return counter }
            let made = metrics.counter(
                "bursar_rpc_calls_total",
                help: "Finished calls by method and status.",
                labels: [("method", method), ("status", status.name)]
            )
            held[status] = made
            return made
        }
        counter.increment(by: amount)
    }
}
