import Foundation
import NIOConcurrencyHelpers
import NIOCore

/// `deploy/bench payments`: how fast payments are accepted, and how fast a journal run posts them.
enum PaymentsBenchmark {
    private static let clients = 64
    private static let seconds = 10.0
    private static let payments = 100_000
    private static let rounds = 3

    /// `clerk` enters and closes, `reviewer` releases and posts: nobody releases what is one's own.
    static func run(clerk: Edge, reviewer: Edge) async throws {
        try await accept(clerk)
        try await journal(clerk, reviewer)
    }

    // MARK: Accepting

    /// Payments answered with 201, which is after their durable commit, in `seconds` of 64 clients that
    /// each send the next one when they have the answer; eight users, today's batch of each.
    ///
    /// Beside it: transactions of one row each that one SQLite connection makes durable in a second,
    /// just before and just after.
    private static func accept(_ edge: Edge) async throws {
        note("\(clients) clients, one payment a request, \(Int(seconds)) s")
        let users = (0..<8).map { "bench-\(stamp())-\($0)" }
        _ = try await pay(edge, users, for: 2)
        let before = try SQLiteReference.commitRate(in: edge.state + "/data", seconds: 3)
        let start = now()
        let accepted = try await pay(edge, users, for: seconds)
        let rate = Double(accepted) / (now() - start)
        let after = try SQLiteReference.commitRate(in: edge.state + "/data", seconds: 3)
        try Figure(
            "payments.accept",
            rate,
            "payments/s",
            of: "single-row durable commits/s of one SQLite connection",
            (before + after) / 2
        ).print()
    }

    private static func pay(
        _ edge: Edge,
        _ users: [String],
        for seconds: Double
    ) async throws -> Int {
        let end = now() + seconds
        return try await everyClient { client in
            var generator = PaymentGenerator(client)
            var count = 0
            while now() < end {
                try await edge.pay(generator.payment(users[count % users.count]))
                count += 1
            }
            return count
        }
    }

    // MARK: Posting

    /// Seconds from the POST of a run over one batch of 100,000 payments until it reads Posted.
    ///
    /// Beside it: the rows that such a run leaves in posting-service's store, inserted plainly in one
    /// transaction. The batch's step, its history and the run itself, a handful of rows in
    /// batch-service's store, are in the run's time and not in the other's.
    private static func journal(_ clerk: Edge, _ reviewer: Edge) async throws {
        var rates: [Double] = []
        var references: [Double] = []
        func reference() throws {
            references.append(
                try SQLiteReference.journalRate(in: clerk.state + "/data", rows: payments)
            )
        }
        try reference()
        for round in 0..<rounds {
            note("entering \(payments) payments for run \(round + 1) of \(rounds)")
            let batch = try await releasedBatch(clerk, reviewer)
            // What was accepted last is on its way to the ledger for a moment.
            try await Task.sleep(nanoseconds: 1_000_000_000)
            let start = now()
            let location = try await reviewer.submit(
                "/api/AR/v1/journal",
                #"{"batch_ids":[\#(batch)]}"#
            )
            try await reviewer.waitForRun(location)
            let duration = now() - start
            note("  posted in \(Int(duration * 1_000)) ms")
            rates.append(Double(payments) / duration)
            try reference()
        }
        try Figure(
            "payments.journal",
            median(rates),
            "payments/s",
            of: "rows/s of a prepared SQLite loop that inserts what the run leaves",
            median(references)
        ).print()
    }

    /// A batch of one user with all payments in it, at step 30.
    private static func releasedBatch(_ clerk: Edge, _ reviewer: Edge) async throws -> Int {
        let user = "bench-journal-\(stamp())"
        let left = NIOLockedValueBox(payments)
        _ = try await everyClient { client in
            var generator = PaymentGenerator(client)
            while left.withLockedValue({ value in
                value -= 1
                return value >= 0
            }) {
                try await clerk.pay(generator.payment(user))
            }
            return 0
        }
        let closed = try await clerk.change(
            "/api/AR/v1/batches/close",
            #"{"username":"\#(user)","date":"\#(PaymentGenerator.today)"}"#
        )
        guard closed.count == payments else {
            throw Edge.Failure(description: "the batch holds \(closed.count) payments")
        }
        if closed.step == 20 {
            _ = try await reviewer.change("/api/AR/v1/batches/\(closed.batch)/release", "{}")
        }
        return closed.batch
    }

    // MARK: Clients

    /// Runs all clients beside each other and adds up what they give.
    private static func everyClient(
        _ work: @escaping @Sendable (Int) async throws -> Int
    ) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for client in 0..<clients { group.addTask { try await work(client) } }
            var total = 0
            for try await count in group { total += count }
            return total
        }
    }

    private static func stamp() -> UInt64 { UInt64(now() * 1_000_000) }
}

/// Bodies of payments of today, over the many accounts of the demo data.
struct PaymentGenerator {
    /// In the deployment's default time zone.
    static let today: String = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "America/New_York") ?? .gmt
        let day = calendar.dateComponents([.year, .month, .day], from: Date())
        return String(format: "%04d-%02d-%02d", day.year ?? 0, day.month ?? 0, day.day ?? 0)
    }()

    private static let types = ["C", "E", "H", "I", "R", "O"]
    private var state: UInt64

    init(_ client: Int) {
        state = UInt64(now() * 1_000_000) &+ UInt64(client) &* 0x9E37_79B9_7F4A_7C15
    }

    private mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func payment(_ username: String) -> ByteBuffer {
        let mixed = next()
        let cents = 10 + (mixed >> 20) % 90
        return ByteBuffer(
            string: """
                {"username":"\(username)","date":"\(Self.today)",\
                "account_id":"\(100_000 + mixed % 5_000)","amount":\((mixed >> 40) % 1_000).\(cents),\
                "payment_type":"\(Self.types[Int((mixed >> 33) % 6)])"}
                """
        )
    }
}
