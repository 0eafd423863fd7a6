import Dates
import NIOConcurrencyHelpers
import PaymentBatches
import Protocol
import ServiceRuntime
import ServiceStore
import Storage
import Testing

@Suite("The outbox to the ledger")
struct LedgerForwarderTests {
    @Test("delivers in order, notes the entries and forgets the rows")
    func delivers() async throws {
        let bench = try await WorkBench()
        var payments: [Int64] = []
        for _ in 0..<5 { payments.append(try await bench.add().payment) }
        try await bench.deliver()
        #expect(bench.books.order.map(\.paymentID) == payments)
        #expect(bench.books.applyCalls == [5])
        #expect(try await bench.waiting == 0)
        for payment in payments {
            let entry = try await bench.number(
                "SELECT ledger_entry_id FROM payment WHERE id = \(payment)"
            )
            #expect(entry == bench.books.entry(payment))
        }
    }

    @Test("cuts what waits into groups")
    func groups() async throws {
        let bench = try await WorkBench(groupSize: 2)
        for _ in 0..<5 { try await bench.add() }
        try await bench.deliver()
        #expect(bench.books.applyCalls == [2, 2, 1])
        #expect(try await bench.waiting == 0)
    }

    @Test("a lost reply is healed by sending the same again")
    func lostReply() async throws {
        let bench = try await WorkBench()
        let payment = try await bench.add().payment
        bench.books.script(.loseReply)
        await #expect(throws: RPCError.self) { try await bench.deliver() }
        #expect(try await bench.waiting == 1)
        try await bench.deliver()
        #expect(bench.books.order.count == 1)
        #expect(try await bench.waiting == 0)
        #expect(
            try await bench.number("SELECT ledger_entry_id FROM payment")
                == bench.books.entry(payment)
        )
    }

    @Test("a crash between booking and forgetting books nothing twice")
    func crashed() async throws {
        let bench = try await WorkBench()
        for _ in 0..<3 { try await bench.add() }
        bench.books.script(.hangAfter)
        let forwarding = Task { try await bench.deliver() }
        try await eventually { bench.books.isWaiting }
        let next = try await bench.killed()
        bench.books.release()
        await #expect(throws: (any Error).self) { try await forwarding.value }
        #expect(try await next.waiting == 3)
        try await next.deliver()
        #expect(next.books.order.count == 3)
        #expect(try await next.waiting == 0)
    }

    @Test("an operation that is refused waits alone while others go on")
    func poison() async throws {
        let bench = try await WorkBench()
        var payments: [Int64] = []
        for _ in 0..<9 { payments.append(try await bench.add().payment) }
        let culprit = payments[4]
        bench.books.poison(culprit)
        try await bench.deliver()
        #expect(bench.books.order.count == 8)
        #expect(try await bench.waiting == 1)
        let calls = bench.books.applyCalls.count
        let later = try await bench.add().payment
        try await bench.deliver()
        #expect(bench.books.order.last?.paymentID == later)
        #expect(bench.books.applyCalls.count == calls + 1, "the culprit is not tried again yet")
        bench.books.poison()
        bench.clock.advance(milliseconds: 1_001)
        try await bench.deliver()
        #expect(bench.books.order.count == 10)
        #expect(try await bench.waiting == 0)
    }

    @Test("what depends on a refused operation waits with it")
    func dependents() async throws {
        let bench = try await WorkBench()
        let payment = try await bench.add().payment
        bench.books.poison(payment)
        try await bench.deliver()
        let body = #"{"payment_id":"\#(payment)","reason_code":"ERR"}"#
        _ = try await PaymentReversal(bench.parts).reverse(
            Array(body.utf8),
            by: WorkBench.clerk
        )
        try await bench.deliver()
        #expect(bench.books.order.isEmpty)
        #expect(try await bench.waiting == 2)
        bench.books.poison()
        bench.clock.advance(milliseconds: 1_001)
        try await bench.deliver()
        #expect(bench.books.order.count == 2)
        let entry = bench.books.entry(payment)
        #expect(bench.books.order.last?.reversesLedgerEntryID == entry)
        #expect(try await bench.waiting == 0)
    }

    @Test("a reversal goes after its original, whose entry it names")
    func reversalInOneGo() async throws {
        let bench = try await WorkBench()
        let payment = try await bench.add().payment
        let body = #"{"payment_id":"\#(payment)","reason_code":"ERR"}"#
        _ = try await PaymentReversal(bench.parts).reverse(
            Array(body.utf8),
            by: WorkBench.clerk
        )
        try await bench.deliver()
        #expect(bench.books.applyCalls == [1, 1])
        #expect(bench.books.order.map(\.amountMinorUnits) == [1_000, -1_000])
        #expect(bench.books.order.last?.reversesLedgerEntryID == bench.books.entry(payment))
    }

    @Test("an unreachable ledger changes nothing")
    func unavailable() async throws {
        let bench = try await WorkBench()
        try await bench.add()
        bench.books.script(.fail(.unavailable("It is not there.")))
        await #expect(throws: RPCError.self) { try await bench.deliver() }
        #expect(try await bench.waiting == 1)
    }

    @Test("one instance forwards; the other takes over when it falls silent")
    func oneForwarder() async throws {
        let bench = try await WorkBench()
        let other = bench.beside().forwarder
        try await bench.add()
        try await bench.deliver()
        try await bench.add()
        #expect(try await other.forwardOnce() == false)
        #expect(bench.books.order.count == 1)
        bench.clock.advance(milliseconds: WorkLease.length.longest + 1)
        #expect(try await other.forwardOnce() == false)
        #expect(bench.books.order.count == 2)
        try await bench.add()
        try await bench.deliver()
        #expect(bench.books.order.count == 2, "the lease has passed on")
    }

    @Test("where others may have the store, a start leaves their lease alone until it ends")
    func sharedStore() async throws {
        let bench = try await WorkBench(isExclusive: false)
        try await bench.add()
        try await bench.deliver()
        let next = try await bench.killed()
        try await next.add()
        #expect(try await next.forwarder.forwardOnce() == false)
        #expect(bench.books.order.count == 1)
        bench.clock.advance(milliseconds: WorkLease.length.longest + 1)
        #expect(try await next.forwarder.forwardOnce() == false)
        #expect(bench.books.order.count == 2)
    }

    @Test("a clock that is set back prolongs neither a lease nor a hold")
    func clockSetBack() async throws {
        let bench = try await WorkBench()
        let other = bench.beside().forwarder
        try await bench.add()
        bench.books.script(.fail(RPCError(.failedPrecondition, reason: "no", message: "No.")))
        try await bench.deliver()
        #expect(bench.books.order.isEmpty)
        bench.clock.advance(milliseconds: -3_600_000)
        try await bench.deliver()
        #expect(bench.books.order.count == 1, "the hold is over")
        bench.clock.advance(milliseconds: -3_600_000)
        try await bench.add()
        _ = try await other.forwardOnce()
        #expect(bench.books.order.count == 2, "the lease is over")
    }

    @Test("a caller waits until its payment is delivered, and no longer than it says")
    func settled() async throws {
        let bench = try await WorkBench()
        let payment = try await bench.add().payment
        #expect(await !bench.forwarder.settled(payment, withinMilliseconds: 20))
        let driver = LoopDriver(logger: WorkBench.logger, metrics: MetricsRegistry())
        driver.start([bench.forwarder.loop(on: nil)])
        #expect(await bench.forwarder.settled(payment, withinMilliseconds: 5_000))
        #expect(bench.books.order.count == 1)
        #expect(
            await bench.forwarder.settled(payment, withinMilliseconds: 5_000),
            "delivered before it was asked for"
        )
        await driver.stop()
    }

    @Test("callers of one account share a question, those who come meanwhile the next")
    func checks() async throws {
        let books = ScriptedBooks()
        let accounts = LedgerAccounts(ledger: books)
        books.script(.hangBefore)
        async let first = accounts.check("1")
        try await eventually { books.isWaiting }
        let answers = try await withThrowingTaskGroup(of: String?.self) { group in
            for number in 0..<20 {
                group.addTask { try await accounts.check("\(number % 5)").accountID }
            }
            try await eventually { accounts.waitingAccounts == 5 }
            books.release()
            return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(try await first.accountID == "1")
        #expect(answers == ["0", "1", "2", "3", "4"])
        #expect(books.checks.count == 2)
        #expect(Set(books.checks[1]) == ["0", "1", "2", "3", "4"])
        #expect(books.checks[1].count == 5)
    }

    @Test("whatever keeps an account from being checked is said to be for now")
    func checkFails() async throws {
        let books = ScriptedBooks()
        books.script(.fail(.internal))
        await #expect {
            _ = try await LedgerAccounts(ledger: books).check("1")
        } throws: {
            ($0 as? RPCError)?.status == .unavailable
        }
    }
}
