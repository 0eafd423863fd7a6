internal import NIOCore
package import ServiceRuntime

/// The edge's figures on the admin port.
package struct EdgeMetrics: Sendable {
    private let registry: MetricsRegistry
    private let seconds: MetricHistogram
    private let received: MetricCounter
    private let sent: MetricCounter
    private let aborted: MetricCounter
    /// By hundreds of the status: the exact status stands in the access log.
    private let answers: [MetricCounter]

    package init(_ registry: MetricsRegistry) {
        self.registry = registry
        seconds = registry.histogram(
            "bursar_edge_request_seconds",
            help: "From a request's head to the last byte of its answer."
        )
        received = registry.counter(
            "bursar_edge_received_bytes_total",
            help: "Bytes of request bodies."
        )
        sent = registry.counter("bursar_edge_sent_bytes_total", help: "Bytes of answers' bodies.")
        aborted = registry.counter(
            "bursar_edge_aborted_total",
            help: "Exchanges whose client went away first."
        )
        answers = (0...5).map { hundreds in
            registry.counter(
                "bursar_edge_requests_total",
                help: "Exchanges by the hundreds of their status; 0 had no answer.",
                labels: [("status", hundreds == 0 ? "0" : "\(hundreds)xx")]
            )
        }
    }

    package func exchangeEnded(_ record: ExchangeRecord) {
        answers[min(record.status / 100, 5)].increment()
        seconds.recordNanoseconds(record.duration.nanoseconds)
        received.increment(by: Int64(record.receivedBytes))
        sent.increment(by: Int64(record.sentBytes))
        if record.isAborted { aborted.increment() }
    }

    package func abuseFound(_ kind: AbuseBudgets.Kind) {
        registry.counter(
            "bursar_edge_abuse_total",
            help: "Connections ended because a client spent its allowance of one kind of frame.",
            labels: [("kind", "\(kind)")]
        ).increment()
    }

    package func countConnections(_ read: @escaping @Sendable () -> Int) {
        registry.sample("bursar_edge_connections", help: "Open connections.") { Double(read()) }
    }
}
