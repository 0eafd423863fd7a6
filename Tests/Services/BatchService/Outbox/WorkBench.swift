import BatchRules
import Dates
import Identity
import Logging
import NIOConcurrencyHelpers
import NIOCore
import PaymentBatches
import Protocol
import ServiceStore
import Storage
import Testing

/// Takes wake-ups and never waits: a test says when the forwarder looks.
final class QuietDelivery: LedgerDelivery {
    private let count = NIOLockedValueBox(0)

    var wakes: Int { count.withLockedValue { $0 } }

    func wake() { count.withLockedValue { $0 += 1 } }

    func settled(_ paymentID: Int64, withinMilliseconds: Int64) async -> Bool { false }
}

/// The working parts of payments over a store in a folder of its own, without wire and without loops.
final class WorkBench: Sendable {
    private let place: TemporaryFolder
    let clock: ManualClock
    let books: ScriptedBooks
    let store: Store
    let delivery = QuietDelivery()
    let forwarder: LedgerForwarder
    let parts: PaymentParts
    let worker: JournalWorker

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init(
        place: TemporaryFolder? = nil,
        clock: ManualClock = ManualClock(),
        books: ScriptedBooks = ScriptedBooks(),
        owner: String = "first",
        groupSize: Int = 500,
        isExclusive: Bool = true
    ) async throws {
        let place = try place ?? TemporaryFolder()
        self.place = place
        self.clock = clock
        self.books = books
        store = try Store.open(
            engine: .test(path: place.path + "/payments.db", isExclusive: isExclusive),
            migrations: [Migration(1, "payments", PaymentSchema.tables + ContinuationKeys.table)]
        )
        let logger = Self.logger
        var options = LedgerForwarder.options
        options.groupSize = groupSize
        forwarder = LedgerForwarder(
            store: store,
            ledger: books,
            owner: owner,
            options: options,
            logger: logger
        ) { clock.now.milliseconds }
        let today = try #require(CalendarDay(text: "2027-01-15"))
        parts = PaymentParts(
            store: store,
            environment: PaymentEnvironment(
                now: { clock.now.milliseconds },
                today: { today },
                accounts: LedgerAccounts(ledger: books),
                ledger: delivery,
                consumeReservation: DrawerReservations.consume
            )
        )
        worker = JournalWorker(parts, ledger: books, owner: owner, logger: logger)
    }

    /// The same folder, as the next process finds it after this one was killed.
    func killed(owner: String = "second") async throws -> WorkBench {
        await store.close()
        let next = try await WorkBench(
            place: place,
            clock: clock,
            books: books,
            owner: owner,
            isExclusive: store.isExclusive
        )
        try await WorkLease.endOthers(than: owner, in: next.store)
        _ = try await next.worker.recover()
        return next
    }

    /// A second process beside this one, over the same store.
    func beside(owner: String = "second") -> (forwarder: LedgerForwarder, worker: JournalWorker) {
        let (clock, logger) = (clock, Self.logger)
        return (
            LedgerForwarder(store: store, ledger: books, owner: owner, logger: logger) {
                clock.now.milliseconds
            },
            JournalWorker(parts, ledger: books, owner: owner, logger: logger)
        )
    }

    // MARK: Payments

    static let clerk = PaymentBench.caller(
        "vendor",
        role: StaffRole(name: "CLERK", releaseBatchStatus: .released, postingLevel: .all)
    )

    @discardableResult
    func add(_ username: String = "CLERK", amount: String = "10.00") async throws -> Answer {
        let body =
            #"{"username":"\#(username)","account_id":"99999","amount":\#(amount),"#
            + #""payment_type":"C"}"#
        return Answer(try await PaymentIntake(parts).add(Array(body.utf8), by: Self.clerk))
    }

    /// A released batch of so many payments of 10.00.
    func released(_ username: String = "CLERK", payments: Int = 2) async throws -> Int64 {
        var batch: Int64 = 0
        for _ in 0..<payments { batch = try await add(username).batch }
        let body = #"{"batch_id":\#(batch)}"#
        let closed = try await BatchClosing(parts).close(Array(body.utf8), by: Self.clerk)
        #expect(Answer(closed).status == "Released")
        return batch
    }

    func deliver() async throws {
        while try await forwarder.forwardOnce() {}
    }

    func number(_ sql: String) async throws -> Int64 {
        try await store.read { try $0.integer(sql) ?? -1 }
    }

    var waiting: Int64 {
        get async throws { try await number("SELECT COUNT(*) FROM ledger_outbox") }
    }
}
