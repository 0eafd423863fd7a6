import Logging
import NIOConcurrencyHelpers
import Protocol
import ServiceRuntime
import Testing

@testable import ServiceRuntime

@Suite("The audit trail is carried away until it is acknowledged")
struct AuditTrailTests {
    private let metrics = MetricsRegistry()
    private let trail: AuditTrail
    private let silent = Logger(label: "audit") { _ in SwiftLogNoOpLogHandler() }

    init() {
        trail = AuditTrail(origin: "batch-service", logger: silent, metrics: metrics)
    }

    private struct Unreachable: Error {}

    private static func refusal(_ action: String) -> RefusedCall {
        RefusedCall(peer: "192.0.2.1", action: action, reason: "expired", requestID: "r")
    }

    /// Keeps what it is given; fails as often as it is told to, also after it has kept the events.
    private final class Sink: Sendable {
        let stored = NIOLockedValueBox<[AuditEvent]>([])
        let failures: NIOLockedValueBox<Int>

        init(failures: Int) { self.failures = NIOLockedValueBox(failures) }

        func store(_ events: [AuditEvent]) throws {
            stored.withLockedValue { $0 += events }
            try failures.withLockedValue { left in
                guard left > 0 else { return }
                left -= 1
                throw Unreachable()
            }
        }
    }

    @Test("Time, origin and a unique origin id are filled in; given ones are kept")
    func stamps() {
        let first = trail.stamp(AuditEvent(outcome: .refused, action: "a"))
        let second = trail.stamp(AuditEvent(outcome: .refused, action: "a"))
        #expect(first.origin == "batch-service")
        #expect(Timestamps.parse(first.at) != nil)
        #expect(first.originID != second.originID)
        let given = trail.stamp(AuditEvent(originID: "set-7", outcome: .allowed, action: "a"))
        #expect(given.originID == "set-7")
    }

    @Test("A batch that was not acknowledged comes again under the same origin ids")
    func retries() async {
        let sink = Sink(failures: 2)
        trail.connect { try sink.store($0) }
        for index in 0..<3 { trail.record(Self.refusal("call \(index)")) }
        await trail.flush(seconds: 5)
        #expect(trail.waitingCount == 0)
        let stored = sink.stored.withLockedValue { $0 }
        #expect(stored.count == 9)
        #expect(Set(stored.map(\.originID)).count == 3)
        #expect(stored.prefix(3).map(\.originID) == stored.suffix(3).map(\.originID))
    }

    @Test("Events wait while nobody takes them, in order, and leave by themselves")
    func waits() async {
        for index in 0..<1_200 { trail.record(Self.refusal("\(index)")) }
        await trail.flush(seconds: 1)
        #expect(trail.waitingCount == 1_200)
        let sink = Sink(failures: 1)
        trail.connect { try sink.store($0) }
        let driver = LoopDriver(logger: silent, metrics: metrics)
        driver.start([trail.loop])
        for _ in 0..<2_000 where trail.waitingCount > 0 {
            try? await Task.sleep(for: .milliseconds(5))
        }
        await driver.stop()
        #expect(trail.waitingCount == 0)
        let actions = sink.stored.withLockedValue { $0.map(\.action) }
        #expect(Array(actions.suffix(1_200)) == (0..<1_200).map(String.init))
    }

    @Test("What is recorded while a batch travels leaves too before the process ends")
    func flushing() async {
        let (stored, hasBegun) = (NIOLockedValueBox<[String]>([]), NIOLockedValueBox(false))
        trail.connect { events in
            hasBegun.withLockedValue { $0 = true }
            try await Task.sleep(for: .milliseconds(300))
            stored.withLockedValue { $0 += events.map(\.action) }
        }
        trail.record(Self.refusal("first"))
        let travelling = Task { await trail.flush(seconds: 5) }
        while !hasBegun.withLockedValue({ $0 }) { await Task.yield() }
        trail.record(Self.refusal("second"))
        await trail.flush(seconds: 5)
        #expect(trail.waitingCount == 0)
        #expect(stored.withLockedValue { $0 } == ["first", "second"])
        await travelling.value
    }

    @Test("A trail that nobody takes events from holds a stop up no longer than its time")
    func unreachable() async {
        trail.connect { _ in throw Unreachable() }
        trail.record(Self.refusal("lost"))
        let start = ContinuousClock.now
        await trail.flush(seconds: 30)
        #expect(trail.waitingCount == 1)
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test("A full buffer counts what it cannot keep")
    func overflow() {
        for _ in 0..<(AuditTrail.maximumWaiting + 10) {
            trail.record(Self.refusal("flood"))
        }
        #expect(trail.waitingCount == AuditTrail.maximumWaiting)
        #expect(metrics.text().contains("bursar_audit_events_dropped_total 10\n"))
    }
}

@Suite("A service renews its own token in time")
struct ServiceTokenTests {
    private let clock = ManualClock()
    private let calls = NIOLockedValueBox(0)
    private let isDown = NIOLockedValueBox(false)

    private struct Down: Error {}

    private func makeToken() -> ServiceToken {
        ServiceToken(clock: clock.access) { [calls, isDown] in
            if isDown.withLockedValue({ $0 }) { throw Down() }
            let count = calls.withLockedValue { count in
                count += 1
                return count
            }
            return IssuedToken(jwt: "token-\(count)", acceptedScopes: [], expiresIn: 3_600)
        }
    }

    @Test("One token serves until ten minutes before its end")
    func renewal() async throws {
        let token = makeToken()
        #expect(try await token.token() == "token-1")
        clock.advance(seconds: 2_999)
        #expect(try await token.token() == "token-1")
        clock.advance(seconds: 1)
        #expect(try await token.token() == "token-2")
    }

    @Test("A renewal that fails does no harm while the token lives, and is said afterwards")
    func failure() async throws {
        let token = makeToken()
        _ = try await token.token()
        isDown.withLockedValue { $0 = true }
        clock.advance(seconds: 3_500)
        #expect(try await token.token() == "token-1")
        clock.advance(seconds: 100)
        await #expect(throws: Down.self) { try await token.token() }
        isDown.withLockedValue { $0 = false }
        #expect(try await token.token() == "token-2")
    }

    @Test("A token that was refused is fetched anew, once for all who wait")
    func invalidation() async throws {
        let token = makeToken()
        let first = try await token.token()
        await token.invalidate("another")
        #expect(try await token.token() == first)
        await token.invalidate(first)
        async let one = token.token()
        async let two = token.token()
        #expect(try await [one, two] == ["token-2", "token-2"])
    }
}
