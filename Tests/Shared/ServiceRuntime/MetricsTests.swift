import CoreMetrics
import Foundation
import ServiceRuntime
import Testing

@testable import ServiceRuntime

@Suite("Metrics are written in Prometheus' text format")
struct MetricsTests {
    private let registry = MetricsRegistry()

    /// Every line as the format's grammar has it; samples stand under their family's TYPE.
    private func check(_ text: String) throws {
        let name = "[a-zA-Z_:][a-zA-Z0-9_:]*"
        let label = #"[a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*""#
        let sample = try Regex(
            "^(\(name))(\\{\(label)(,\(label))*\\})? (NaN|[+-]Inf|-?[0-9.e+-]+)$"
        )
        let comment = try Regex("^# (HELP|TYPE) (\(name)) (.*)$")
        var seen: Set<String> = []
        var families: [String] = []
        #expect(text.hasSuffix("\n"))
        for line in text.split(separator: "\n") {
            if line.hasPrefix("#") {
                let match = try #require(try comment.wholeMatch(in: line), "\(line)")
                let family = String(match[2].substring ?? "")
                if families.last != family { families.append(family) }
            } else {
                let match = try #require(try sample.wholeMatch(in: line), "\(line)")
                let family = try #require(families.last)
                #expect(match[1].substring?.hasPrefix(family) == true, "\(line)")
                let series = line[..<(line.lastIndex(of: " ") ?? line.endIndex)]
                #expect(seen.insert(String(series)).inserted, "\(series) stands there twice")
            }
        }
        #expect(families.count == Set(families).count, "a family stands there twice")
    }

    @Test(
        "Odd names and label values give a valid page",
        arguments: [
            "plain", "", "quote\"", "back\\slash", "line\nfeed", "return\r\n", "é💶", "{}",
            "a=\"b\"",
            "\u{0}", "\\n", "-", "1", "le", "__name__",
        ]
    )
    func oddValues(_ value: String) throws {
        registry.counter("calls", help: value, labels: [("label", value), (value, "x")]).increment()
        registry.gauge(value, labels: [("le", value), ("__x", value)]).set(1.5)
        registry.histogram("time", labels: [("path", value)]).record(0.2)
        registry.sample("now", labels: [("v", value)]) { .nan }
        registry.sample("most", labels: [("v", value)]) { .infinity }
        try check(registry.text())
    }

    @Test("A name may come with changing label sets")
    func varyingLabels() throws {
        registry.counter("calls").increment()
        registry.counter("calls", labels: [("a", "1")]).increment(by: Int64(2))
        registry.counter("calls", labels: [("b", "1"), ("a", "1")]).increment(by: Int64(3))
        registry.counter("calls", labels: [("a", "1"), ("b", "1")]).increment(by: Int64(4))
        let text = registry.text()
        try check(text)
        #expect(text.contains("calls 1\n"))
        #expect(text.contains("calls{a=\"1\"} 2\n"))
        #expect(text.contains("calls{a=\"1\",b=\"1\"} 7\n"))
    }

    @Test("A name that another kind holds gets a suffix")
    func kinds() throws {
        registry.counter("figure").increment()
        registry.gauge("figure").set(Int64(-3))
        registry.sample("figure") { 4 }
        let text = registry.text()
        try check(text)
        #expect(text.contains("figure 1\n"))
        #expect(text.contains("figure_gauge -3\n"))
    }

    @Test("A histogram's buckets are cumulative and end with +Inf")
    func histogram() throws {
        let histogram = registry.histogram("size", buckets: [10, 1])
        for value in [0.5, 1, 1.5, 10, 11, .nan, .infinity] { histogram.record(value) }
        let text = registry.text()
        try check(text)
        #expect(text.contains("size_bucket{le=\"1\"} 2\n"))
        #expect(text.contains("size_bucket{le=\"10\"} 4\n"))
        #expect(text.contains("size_bucket{le=\"+Inf\"} 5\n"))
        #expect(text.contains("size_count 5\n"))
        #expect(text.contains("size_sum 24\n"))
    }

    @Test("A family stays bounded: further label sets count as overflow")
    func overflow() throws {
        for index in 0..<(MetricsRegistry.maximumSeriesPerFamily + 500) {
            registry.counter("calls", labels: [("id", "\(index)")]).increment()
        }
        let text = registry.text()
        #expect(text.contains("calls{overflow=\"true\"} 500\n"))
        #expect(text.split(separator: "\n").count == MetricsRegistry.maximumSeriesPerFamily + 2)
    }

    @Test("swift-metrics writes into the registry")
    func facade() throws {
        Counter(label: "c", dimensions: [("k", "v")], factory: registry).increment(by: 2)
        FloatingPointCounter(label: "f", factory: registry).increment(by: 0.5)
        Gauge(label: "g", factory: registry).record(7)
        Meter(label: "m", factory: registry).set(8)
        Recorder(label: "r", factory: registry).record(3)
        Timer(label: "t", factory: registry).recordSeconds(2)
        let text = registry.text()
        try check(text)
        for line in ["c{k=\"v\"} 2", "f 0.5", "g 7", "m 8", "r_sum 3", "t_sum 2", "t_count 1"] {
            #expect(text.contains(line + "\n"), "\(line) is missing")
        }
    }

    @Test("The process shows its memory, files and threads")
    func process() throws {
        ProcessMetrics.install(in: registry, startedAt: 1_000)
        let text = registry.text()
        try check(text)
        let memory = text.split(separator: "\n").first { $0.hasPrefix("process_resident_memory") }
        let bytes = memory?.split(separator: " ").last.flatMap { Double($0) }
        #expect(try #require(bytes) > 1_000_000)
        #expect(ProcessMetrics.openFiles() > 2)
    }
}

@Suite("The admin port answers probes and nothing else")
struct AdminAnswerTests {
    private let readiness = Readiness()

    private func answer(_ method: String, _ uri: String) -> AdminAnswer {
        AdminAnswer(method: method, uri: uri, readiness: readiness, metrics: MetricsRegistry())
    }

    @Test("Readiness tells each reason, liveness does not care")
    func readinessReasons() {
        #expect(answer("GET", "/readyz").status == 503)
        #expect(answer("GET", "/readyz").body.contains("starting"))
        readiness.enter(.serving)
        #expect(answer("GET", "/readyz?verbose").status == 200)
        readiness.add("store") { "the disk is full" }
        #expect(answer("GET", "/readyz").status == 503)
        #expect(answer("GET", "/readyz").body.contains("store: the disk is full"))
        readiness.enter(.draining)
        #expect(readiness.reasons() == ["shutting down", "store: the disk is full"])
        #expect(answer("HEAD", "/healthz").status == 200)
    }

    @Test("Other paths are not found, other methods not allowed")
    func others() {
        #expect(answer("GET", "/").status == 404)
        #expect(answer("GET", "/metrics/../etc/passwd").status == 404)
        #expect(answer("POST", "/metrics").status == 405)
        #expect(answer("GET", "/metrics").contentType.hasPrefix("text/plain; version=0.0.4"))
    }
}
