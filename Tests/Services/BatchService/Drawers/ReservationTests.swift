import PaymentBatches
import Protocol
import Storage
import Testing

@Suite("Room in a drawer")
struct ReservationTests {
    @Test("T-08: many payments at once never pass the restrict amount")
    func manyAtOnce() async throws {
        let bench = try await DrawerBench()
        let session = try await bench.open().number("cash_drawer_session_id")
        let granted = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<100 {
                group.addTask {
                    let amount = Int64(3_700 + number)
                    let answer = try await bench.reserve(
                        "r\(number)",
                        amount: amount,
                        session: session
                    )
                    guard answer.faults.isEmpty else { return false }
                    if number.isMultiple(of: 2) {
                        try await bench.consume("r\(number)", amount: amount, session: session)
                    }
                    return true
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        let sums = try await bench.sums(session)
        #expect(sums[0] + sums[1] <= 100_000)
        #expect(sums[0] + sums[1] > 100_000 - 3_799, "as many as there is room for")
        #expect((26...27).contains(granted))
        let held = try await bench.bench.number("SELECT SUM(amount) FROM drawer_reservation")
        #expect(held == sums[1])
    }

    @Test("a refusal names the limit and the remedy; a warning comes before it")
    func limits() async throws {
        let bench = try await DrawerBench()
        let session = try await bench.open().number("cash_drawer_session_id")
        let below = try await bench.reserve("a", amount: 79_999, session: session)
        #expect(below == DrawerReservation(faults: [], warnings: []))
        let warned = try await bench.reserve("b", amount: 1, session: session)
        #expect(warned.faults.isEmpty)
        #expect(warned.warnings.map(\.code) == ["warning_amount"])
        let full = try await bench.reserve("c", amount: 20_001, session: session)
        #expect(full.faults.map(\.field) == ["cashDrawerSessionId"])
        #expect(full.faults.map(\.code) == ["restrict_amount"])
        #expect(full.faults.first?.message.contains("1000.00") == true)
        #expect(full.faults.first?.message.contains("close it") == true)
        #expect(try await bench.reserve("d", amount: 20_000, session: session).faults.isEmpty)
        #expect(try await bench.sums(session) == [0, 100_000, 0])
    }

    @Test("every fault of drawer, session and cashier is told at once")
    func faults() async throws {
        let bench = try await DrawerBench()
        let session = try await bench.open().number("cash_drawer_session_id")
        let wrong = try await bench.reserve(
            "a",
            drawer: 6,
            session: session,
            cashier: 8,
            campus: 2
        )
        #expect(
            wrong.faults.map(\.field) == ["cashDrawerId", "cashDrawerSessionId", "cashierUserId"]
        )
        #expect(wrong.faults.map(\.code) == ["wrong_campus", "wrong_drawer", "wrong_cashier"])
        let unknown = try await bench.reserve("a", drawer: 77, session: 78)
        #expect(unknown.faults.map(\.code) == ["unknown", "unknown"])
        let missing = try await bench.reserve("a", drawer: nil, session: nil, cashier: nil)
        #expect(missing.faults.map(\.code) == ["missing", "missing", "missing"])
        try await bench.close(session)
        let closed = try await bench.reserve("a", session: session)
        #expect(closed.faults.map(\.code) == ["not_open"])
        #expect(try await bench.sums(session) == [0, 0, 0])
    }

    @Test("a look holds nothing, and leaves out what it does not name")
    func checkOnly() async throws {
        let bench = try await DrawerBench()
        let session = try await bench.open().number("cash_drawer_session_id")
        let look = try await bench.reserve("a", session: session, isCheckOnly: true)
        #expect(look.faults.isEmpty)
        let part = try await bench.reserve(
            "a",
            drawer: 5,
            session: nil,
            cashier: nil,
            isCheckOnly: true
        )
        #expect(part.faults.isEmpty)
        let full = try await bench.reserve(
            "a",
            amount: 100_001,
            session: session,
            isCheckOnly: true
        )
        #expect(full.faults.map(\.code) == ["restrict_amount"])
        #expect(try await bench.sums(session) == [0, 0, 0])
    }

    @Test("one reservation holds once, and is used or given back once")
    func idempotent() async throws {
        let bench = try await DrawerBench()
        let session = try await bench.open().number("cash_drawer_session_id")
        for _ in 0..<2 { _ = try await bench.reserve("a", session: session) }
        _ = try await bench.reserve("b", session: session)
        #expect(try await bench.sums(session) == [0, 20_000, 0])
        for _ in 0..<2 {
            try await bench.bench.store.write { try DrawerReservations.release(["b"], in: $0) }
        }
        #expect(try await bench.sums(session) == [0, 10_000, 0])
        try await bench.consume("a", session: session)
        #expect(try await bench.sums(session) == [10_000, 0, 1])
        // A request for room, or to give it back, that comes late finds it used.
        _ = try await bench.reserve("a", session: session)
        try await bench.bench.store.write { try DrawerReservations.release(["a"], in: $0) }
        #expect(try await bench.sums(session) == [10_000, 0, 1])
    }

    @Test("a payment whose reservation is gone is taken in all the same")
    func late() async throws {
        let bench = try await DrawerBench()
        let session = try await bench.open().number("cash_drawer_session_id")
        try await bench.close(session)
        try await bench.consume("gone", session: session)
        #expect(try await bench.sums(session) == [10_000, 0, 1])
        try await bench.consume("gone", session: nil)
        #expect(try await bench.sums(session) == [10_000, 0, 1])
    }

    @Test("a deleted payment leaves an open session, and never a closed one")
    func undo() async throws {
        let bench = try await DrawerBench()
        let session = try await bench.open().number("cash_drawer_session_id")
        _ = try await bench.reserve("a", session: session)
        try await bench.consume("a", session: session)
        try await bench.bench.store.write {
            try DrawerReservations.undo(sessionID: session, amountMinorUnits: 4_000, in: $0)
        }
        #expect(try await bench.sums(session) == [6_000, 0, 0])
        try await bench.bench.store.write {
            try DrawerReservations.redo(sessionID: session, amountMinorUnits: 4_000, in: $0)
        }
        #expect(try await bench.sums(session) == [10_000, 0, 1])
        try await bench.close(session)
        try await bench.bench.store.write {
            try DrawerReservations.undo(sessionID: session, amountMinorUnits: 4_000, in: $0)
        }
        #expect(try await bench.sums(session) == [10_000, 0, 1])
    }

    @Test("reservations that nobody uses are asked after and given back")
    func sweeps() async throws {
        let bench = try await DrawerBench()
        let session = try await bench.open().number("cash_drawer_session_id")
        let work = bench.bench
        let sweeper = ReservationSweeper(work.parts, ledger: work.books, logger: WorkBench.logger)
        for id in ["booked", "lost"] { _ = try await bench.reserve(id, session: session) }
        work.books.book(reservation: "booked")
        #expect(try await sweeper.sweep() == 0, "they are young")
        work.clock.advance(milliseconds: ReservationSweeper.ageMilliseconds)
        #expect(try await sweeper.sweep() == 1)
        #expect(try await bench.sums(session) == [0, 10_000, 0])
        try await bench.consume("booked", session: session)
        work.clock.advance(milliseconds: 60 * 60 * 1_000)
        #expect(try await sweeper.sweep() == 0)
        #expect(try await work.number("SELECT COUNT(*) FROM drawer_reservation") == 0)
    }

    @Test("a reservation that was made before the clock was set back is asked after too")
    func clockSetBack() async throws {
        let bench = try await DrawerBench()
        let session = try await bench.open().number("cash_drawer_session_id")
        let work = bench.bench
        let sweeper = ReservationSweeper(work.parts, ledger: work.books, logger: WorkBench.logger)
        _ = try await bench.reserve("lost", session: session)
        work.clock.advance(milliseconds: -3_600_000)
        #expect(try await sweeper.sweep() == 1)
    }
}
