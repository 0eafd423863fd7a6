import Logging
import NIOConcurrencyHelpers
import Protocol
import ServiceRuntime
import Testing

@Suite("One driver runs the background loops and shows how each does", .timeLimit(.minutes(1)))
struct LoopDriverTests {
    private struct Broken: Error {}

    private let metrics = MetricsRegistry()
    private let lines = NIOLockedValueBox<[String]>([])
    private let driver: LoopDriver

    init() {
        let lines = lines
        driver = LoopDriver(
            logger: Logger(label: "loops") { _ in LineKeeper(lines) },
            metrics: metrics
        )
    }

    private func status(
        _ name: String,
        until isReached: (LoopStatus) -> Bool
    ) async throws -> LoopStatus {
        while true {
            let status = try #require(driver.statuses.first { $0.name == name })
            if isReached(status) { return status }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    @Test("A round that fails is tried again, logged once, and seen in health and metrics")
    func fails() async throws {
        let isBroken = NIOLockedValueBox(true)
        driver.start([
            BackgroundLoop("probe", "Looks.", every: .milliseconds(200)) {
                if isBroken.withLockedValue({ $0 }) { throw Broken() }
                return nil
            }
        ])
        let failing = try await status("probe") { $0.failuresInARow >= 2 }
        #expect(failing.failures == failing.runs)
        #expect(failing.lastSuccess == nil)
        #expect(try #require(failing.lastError).message == "Broken()")
        #expect(metrics.text().contains(#"bursar_loop_failing{loop="probe"} "#))
        isBroken.withLockedValue { $0 = false }
        let healed = try await status("probe") { $0.failuresInARow == 0 }
        #expect(healed.lastSuccess != nil)
        #expect(healed.lastError?.message == "Broken()", "the last fault stays in sight")
        await driver.stop()
        let page = metrics.text()
        #expect(page.contains(#"bursar_loop_failing{loop="probe"} 0"#))
        #expect(page.contains("# TYPE bursar_loop_runs_total counter"))
        #expect(
            lines.withLockedValue { $0 } == [
                "a background loop fails and is tried again", "a background loop works again",
            ]
        )
    }

    @Test("A signal ends a wait; a wait of zero is none; nil is the period")
    func waits() async throws {
        let signal = Signal()
        let rounds = NIOLockedValueBox(0)
        driver.start([
            BackgroundLoop("probe", "Looks.", every: .seconds(3_600), wokenBy: signal) {
                rounds.withLockedValue { count in
                    count += 1
                    return count % 3 == 0 ? nil : .zero
                }
            }
        ])
        _ = try await status("probe") { $0.runs == 3 && $0.isWaiting }
        signal.raise()
        let woken = try await status("probe") { $0.runs == 6 && $0.isWaiting }
        #expect(woken.failures == 0)
        await driver.stop()
        #expect(rounds.withLockedValue { $0 } == 6)
    }

    @Test("A stop ends waits and rounds under way, and returns after them")
    func stops() async throws {
        let (began, ended) = (NIOLockedValueBox(0), NIOLockedValueBox(0))
        driver.start(
            (0..<20).map { number in
                BackgroundLoop("loop_\(number)", "Works long.", every: .seconds(3_600)) {
                    if number % 2 == 0 { return nil }
                    began.withLockedValue { $0 += 1 }
                    defer { ended.withLockedValue { $0 += 1 } }
                    try await Task.sleep(for: .seconds(3_600))
                    return nil
                }
            }
        )
        _ = try await status("loop_19") { _ in began.withLockedValue { $0 } == 10 }
        _ = try await status("loop_18") { $0.isWaiting }
        await driver.stop()
        #expect(ended.withLockedValue { $0 } == 10)
        #expect(lines.withLockedValue { $0.isEmpty }, "a stop is no failure")
    }
}

/// Keeps the messages that are logged.
private struct LineKeeper: LogHandler {
    let lines: NIOLockedValueBox<[String]>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    init(_ lines: NIOLockedValueBox<[String]>) { self.lines = lines }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.withLockedValue { $0.append("\(event.message)") } }
}
