import BatchRules
@testable import BatchService
import Logging
import NIOConcurrencyHelpers
import Protocol
import Storage
import Testing

private let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

@Suite("Restored stores and the audit trail")
struct AnchorAndAuditTests {
    static let verdicts: [(Int64, Int64, String?, String, Int64, StoreAnchor.Verdict)] = [
        (0, 0, nil, "a", 0, .inStep), (9, 7, "a", "a", 7, .inStep), (9, 7, "a", "a", 9, .inStep),
        (9, 7, "a", "a", 10, .ownIsOlder(own: 9, ledger: 10)),
        (9, 7, "a", "a", 6, .ledgerIsOlder(own: 7, ledger: 6)),
        (9, 0, "a", "b", 0, .inStep),
        (9, 7, "a", "b", 7, .ledgerIsAnother(known: "a", found: "b")),
    ]

    @Test("D-08: the table of what two stores say about each other", arguments: verdicts)
    func table(
        number: Int64,
        posted: Int64,
        known: String?,
        store: String,
        ledger: Int64,
        verdict: StoreAnchor.Verdict
    ) {
        let own = StoreAnchor.Own(
            highestNumber: number,
            highestPosted: posted,
            knownLedger: known
        )
        let found = StoreAnchor.compare(own, .init(store: store, highestNumber: ledger))
        #expect(found == verdict)
        #expect((found.message == nil) == (verdict == .inStep))
    }

    private static func check(
        _ bench: Bench,
        consent: Bool
    ) -> AnchorCheck {
        AnchorCheck(
            store: bench.store,
            posting: bench.posting,
            hasConsent: consent,
            logger: silent,
            now: { bench.clock.now }
        )
    }

    @Test("D-08: an older batch.db is refused with both numbers and the remedy")
    func older() async throws {
        let bench = try await Bench()
        bench.posting.set(anchor: LedgerAnchor(storeID: "ledger", highestSetID: 41, entries: 0))
        let check = Self.check(bench, consent: false)
        #expect(check.obstacle != nil)
        #expect(try await !check.check())
        let obstacle = try #require(check.obstacle)
        #expect(obstacle.contains("newest set is 0, the ledger's is 41"))
        #expect(obstacle.contains("BURSAR_ACCEPT_RESTORED_STORE=1"))
    }

    @Test("D-08: with consent the numbers go on behind the ledger's, once told")
    func consent() async throws {
        let bench = try await Bench()
        bench.posting.set(anchor: LedgerAnchor(storeID: "ledger", highestSetID: 41, entries: 0))
        let check = Self.check(bench, consent: true)
        #expect(try await check.check())
        #expect(try await check.check())
        #expect(check.obstacle == nil)
        let told = try await bench.store.store.read { transaction in
            try transaction.first("SELECT COUNT(*), MIN(event) FROM audit_outbox") {
                ($0.int64(0), String(decoding: $0.blob(1), as: UTF8.self))
            }
        }
        #expect(told?.0 == 1)
        #expect(told?.1.contains("accept_restored_store") == true)
        #expect(told?.1.contains(#"\"after\":{\"ledger\":\"ledger\",\"number\":41}"#) == true)
        let acceptance = try await bench.submit()
        #expect(try await bench.task(acceptance.taskID).setID == 42)
        try await bench.settle()
        let next = try await bench.killed()
        let second = try await next.submit()
        #expect(try await next.task(second.taskID).setID == 43)
        try await next.settle()
    }

    @Test("D-08: an older posting.db is found by the newest posted set")
    func olderLedger() async throws {
        let bench = try await Bench()
        var set = SampleSet.seed
        set.postingType = "COMMIT"
        let acceptance = try await bench.submit(set)
        _ = try await bench.finish(acceptance.taskID)
        let check = Self.check(bench, consent: false)
        #expect(try await !check.check())
        bench.posting.set(anchor: LedgerAnchor(storeID: "ledger", highestSetID: 1, entries: 0))
        #expect(try await check.check())
        #expect(check.obstacle == nil)
    }

    private static func forwarder(
        _ bench: Bench,
        _ sink: @escaping AuditForwarder.Sink
    ) -> AuditForwarder {
        AuditForwarder(store: bench.store, load: { 0 }, sink: sink)
    }

    @Test("S1-3: each set is audited once when it is accepted and once when it changed the ledger")
    func audited() async throws {
        let bench = try await Bench()
        var commit = SampleSet.seed
        commit.postingType = "COMMIT"
        var tasks: [String] = []
        for set in [SampleSet.seed, commit] {
            let acceptance = try await bench.submit(set)
            _ = try await bench.finish(acceptance.taskID)
            tasks.append(acceptance.taskID)
        }
        let events = NIOLockedValueBox<[AuditEvent]>([])
        let forwarder = Self.forwarder(bench) { batch in
            events.withLockedValue { $0 += batch }
        }
        #expect(try await forwarder.forwardOnce())
        #expect(try await forwarder.forwardOnce())
        let found = events.withLockedValue { $0 }
        #expect(found.map(\.originID) == tasks + ["\(tasks[1])/posted"])
        let first = try #require(found.first)
        #expect(first.origin == "batch-service")
        #expect(first.outcome == .allowed)
        #expect(first.actor == "system-xyz")
        #expect(first.keyID == "key-1")
        #expect(first.tokenID == "token-1")
        #expect(first.peer == "203.0.113.7")
        #expect(first.requestID == "request-1")
        #expect(first.at == "2027-01-15T08:00:00.000Z")
    }

    @Test(
        "S1-3: that a set was posted is told behind that it was submitted, whatever comes between"
    )
    func order() async throws {
        let bench = try await Bench()
        var commit = SampleSet.seed
        commit.postingType = "COMMIT"
        let events = NIOLockedValueBox<[String]>([])
        // A set comes and is posted while the events of the sets before it travel.
        let tasks = NIOLockedValueBox<[String]>([])
        let forwarder = Self.forwarder(bench) { [commit] batch in
            events.withLockedValue { $0 += batch.map(\.originID) }
            guard tasks.withLockedValue({ $0.count }) < 3 else { return }
            let acceptance = try await bench.submit(commit)
            _ = try await bench.finish(acceptance.taskID)
            tasks.withLockedValue { $0.append(acceptance.taskID) }
        }
        let first = try await bench.submit(commit)
        _ = try await bench.finish(first.taskID)
        tasks.withLockedValue { $0.append(first.taskID) }
        for _ in 0..<5 { _ = try await forwarder.forwardOnce() }
        let found = events.withLockedValue { $0 }
        let all = tasks.withLockedValue { $0 }
        #expect(found.count == 2 * all.count)
        for task in all {
            let submitted = try #require(found.firstIndex(of: task))
            let posted = try #require(found.firstIndex(of: "\(task)/posted"))
            #expect(submitted < posted)
        }
    }

    @Test("an event that could not be stored is sent again under the same id")
    func again() async throws {
        let bench = try await Bench()
        let acceptance = try await bench.submit()
        try await bench.settle()
        struct Down: Error {}
        let failing = Self.forwarder(bench) { _ in throw Down() }
        await #expect(throws: Down.self) { try await failing.forwardOnce() }
        let events = NIOLockedValueBox<[AuditEvent]>([])
        let working = Self.forwarder(bench) { batch in events.withLockedValue { $0 += batch } }
        _ = try await working.forwardOnce()
        #expect(events.withLockedValue { $0.map(\.originID) } == [acceptance.taskID])
    }
}
