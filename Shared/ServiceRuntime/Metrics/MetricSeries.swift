internal import CoreMetrics
internal import NIOConcurrencyHelpers

/// One line, or for a histogram one set of lines, of the metrics page.
protocol MetricSeries: AnyObject, Sendable {
    /// Suffix of the name, labels beside the series' own, value.
    func samples() -> [MetricSample]
}

struct MetricSample {
    var suffix = ""
    var bound: Double?
    var value: Double
}

/// A count that only rises.
package final class MetricCounter: MetricSeries, CounterHandler, FloatingPointCounterHandler {
    private let value = NIOLockedValueBox(0.0)

    package func increment(by amount: Int64) { increment(by: Double(amount)) }

    package func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        value.withLockedValue { $0 += amount }
    }

    package func increment() { increment(by: 1.0) }

    package func reset() { value.withLockedValue { $0 = 0 } }

    package var current: Double { value.withLockedValue { $0 } }

    func samples() -> [MetricSample] { [MetricSample(value: current)] }
}

/// A figure that goes up and down.
package final class MetricGauge: MetricSeries, MeterHandler, RecorderHandler {
    private let value = NIOLockedValueBox(0.0)

    package func set(_ new: Int64) { set(Double(new)) }
    package func set(_ new: Double) { value.withLockedValue { $0 = new } }
    package func increment(by amount: Double) { value.withLockedValue { $0 += amount } }
    package func decrement(by amount: Double) { value.withLockedValue { $0 -= amount } }
    package func record(_ new: Int64) { set(Double(new)) }
    package func record(_ new: Double) { set(new) }

    package var current: Double { value.withLockedValue { $0 } }

    func samples() -> [MetricSample] { [MetricSample(value: current)] }
}

/// A distribution over fixed buckets; durations are in seconds.
package final class MetricHistogram: MetricSeries, TimerHandler, RecorderHandler {
    package static let secondsBuckets: [Double] = [
        0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
        2.5, 5, 10, 30,
    ]
    package static let sizeBuckets: [Double] = [
        1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304,
        16_777_216, 67_108_864,
    ]

    private struct State {
        var counts: [UInt64]
        var sum = 0.0
        var total: UInt64 = 0
    }

    private let bounds: [Double]
    private let state: NIOLockedValueBox<State>

    init(buckets: [Double]) {
        bounds = buckets.sorted()
        state = NIOLockedValueBox(State(counts: Array(repeating: 0, count: buckets.count)))
    }

    package func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = bounds.firstIndex { value <= $0 }
        state.withLockedValue { state in
            if let bucket { state.counts[bucket] += 1 }
            state.sum += value
            state.total += 1
        }
    }

    package func record(_ value: Int64) { record(Double(value)) }

    package func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func samples() -> [MetricSample] {
        let held = state.withLockedValue { $0 }
        var running: UInt64 = 0
        var samples: [MetricSample] = []
        for (bound, count) in zip(bounds, held.counts) {
            running += count
            samples.append(MetricSample(suffix: "_bucket", bound: bound, value: Double(running)))
        }
        let total = Double(held.total)
        samples.append(MetricSample(suffix: "_bucket", bound: .infinity, value: total))
        samples.append(MetricSample(suffix: "_sum", value: held.sum))
        samples.append(MetricSample(suffix: "_count", value: total))
        return samples
    }
}
