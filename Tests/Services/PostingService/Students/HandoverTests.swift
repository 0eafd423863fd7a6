import Logging
import Protocol
import ServiceRuntime
import Storage
import Testing

@testable import Bookkeeping
@testable import Students

@Suite("Handing payments over to batch-service")
struct HandoverTests {
    @Test("A payment is booked while batch-service is down, and arrives once it is back")
    func down() async throws {
        let desk = try await StudentDesk.make()
        desk.batches.change { $0.isDown = true }
        let id = try await desk.posted()
        await #expect(throws: RPCError.self) { try await desk.handover.handOverOldest() }
        #expect(try await desk.integer("SELECT COUNT(*) FROM payment_outbox") == 1)
        desk.batches.change { $0.isDown = false }
        #expect(try await desk.handover.handOverOldest())
        #expect(desk.batches.state.received.map(\.ledgerEntryID) == [id])
        #expect(try await desk.integer("SELECT COUNT(*) FROM payment_outbox") == 0)
    }

    @Test("A payment that batch-service refuses holds up no other")
    func refused() async throws {
        let desk = try await StudentDesk.make()
        let first = try await desk.posted()
        let second = try await desk.posted(["transactionAmount": "1"])
        desk.batches.change { $0.refusedEntries = [first] }
        _ = try await desk.handover.handOverOldest()
        #expect(desk.batches.state.received.map(\.ledgerEntryID) == [second])
        let calls = desk.batches.state.calls
        #expect(try await desk.handover.handOverOldest())
        #expect(desk.batches.state.calls == calls, "it is not tried again yet")
        #expect(try await desk.integer("SELECT COUNT(*) FROM payment_outbox") == 1)
    }

    @Test("While the loop runs, an answer comes with its payment handed over")
    func loop() async throws {
        let desk = try await StudentDesk.make()
        let driver = LoopDriver(
            logger: Logger(label: "loops") { _ in SwiftLogNoOpLogHandler() },
            metrics: MetricsRegistry()
        )
        driver.start([desk.handover.loop])
        for number in 1...20 { _ = try await desk.posted(["transactionAmount": "\(number)"]) }
        var left: Int64 = -1
        for _ in 0..<100 where left != 0 {
            left = try await desk.integer("SELECT COUNT(*) FROM payment_outbox")
            if left > 0 { try await Task.sleep(for: .milliseconds(20)) }
        }
        #expect(left == 0)
        #expect(desk.batches.state.received.count == 20)
        await driver.stop()
    }
}
