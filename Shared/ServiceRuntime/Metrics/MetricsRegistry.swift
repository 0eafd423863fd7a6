package import CoreMetrics
internal import NIOConcurrencyHelpers

/// Every figure of the process, written in Prometheus' text format 0.0.4.
///
/// It is the backend of swift-metrics, and it may be asked for series directly. A name may come
/// with any sets of labels, also changing ones. A family holds at most 1,000 series: the 1,001st
/// label set counts into a series labelled `overflow="true"`, so that no input can fill the memory.
package final class MetricsRegistry: MetricsFactory, Sendable {
    package static let maximumSeriesPerFamily = 1_000

    private struct State {
        var families: [String: MetricFamily] = [:]
        var samplers: [MetricSampler] = []
    }

    private let state = NIOLockedValueBox(State())

    package init() {}

    /// A count that only rises.
    package func counter(
        _ name: String,
        help: String = "",
        labels: [(String, String)] = []
    ) -> MetricCounter {
        series(name, .counter, help, labels) { MetricCounter() }
    }

    /// A figure that goes up and down.
    package func gauge(
        _ name: String,
        help: String = "",
        labels: [(String, String)] = []
    ) -> MetricGauge {
        series(name, .gauge, help, labels) { MetricGauge() }
    }

    /// A distribution over fixed buckets.
    package func histogram(
        _ name: String,
        help: String = "",
        labels: [(String, String)] = [],
        buckets: [Double] = MetricHistogram.secondsBuckets
    ) -> MetricHistogram {
        series(name, .histogram, help, labels) { MetricHistogram(buckets: buckets) }
    }

    /// A gauge or counter that is read when the page is asked for, for example a queue's length.
    package func sample(
        _ name: String,
        help: String = "",
        labels: [(String, String)] = [],
        asCounter: Bool = false,
        _ read: @escaping @Sendable () -> Double
    ) {
        let sampler = MetricSampler(
            name: MetricName.metric(name),
            kind: asCounter ? .counter : .gauge,
            help: help,
            labels: MetricLabels(labels),
            read: read
        )
        state.withLockedValue { $0.samplers.append(sampler) }
    }

    /// As above, for a gauge that counts.
    package func sample(
        _ name: String,
        help: String,
        counting count: @escaping @Sendable () -> Int64
    ) {
        sample(name, help: help) { Double(count()) }
    }

    /// The page of `/metrics`.
    package func text() -> String {
        let (families, samplers) = state.withLockedValue { ($0.families, $0.samplers) }
        return MetricsText.write(families: families, samplers: samplers)
    }

    private func series<Series: MetricSeries>(
        _ rawName: String,
        _ kind: MetricKind,
        _ help: String,
        _ rawLabels: [(String, String)],
        make: () -> Series
    ) -> Series {
        var labels = MetricLabels(rawLabels)
        return state.withLockedValue { state in
            // A name that another kind of metric holds gets the kind as its suffix.
            var name = MetricName.metric(rawName)
            if let held = state.families[name], held.kind != kind { name += "_\(kind.rawValue)" }
            var family = state.families[name] ?? MetricFamily(kind: kind, help: help)
            if family.help.isEmpty { family.help = help }
            if family.series[labels] == nil,
                family.series.count >= Self.maximumSeriesPerFamily
            {
                labels = .overflow
            }
            if let held = family.series[labels] as? Series { return held }
            let made = make()
            family.series[labels] = made
            state.families[name] = family
            return made
        }
    }
}

// What swift-metrics asks for. Series are kept when their handles go: a count that vanishes and
// comes back as 0 would look like a restart.
extension MetricsRegistry {
    package func makeCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any CounterHandler { counter(label, labels: dimensions) }

    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler { counter(label, labels: dimensions) }

    package func makeMeter(
        label: String,
        dimensions: [(String, String)]
    ) -> any MeterHandler { gauge(label, labels: dimensions) }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate {
            histogram(label, labels: dimensions, buckets: MetricHistogram.sizeBuckets)
        } else {
            gauge(label, labels: dimensions)
        }
    }

    package func makeTimer(
        label: String,
        dimensions: [(String, String)]
    ) -> any TimerHandler { histogram(label, labels: dimensions) }

    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}
