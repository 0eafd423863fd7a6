import NIOCore

/// `deploy/bench sets`: one large COMMIT set from its first byte to `complete`.
enum SetsBenchmark {
    private static let transactions = 100_000
    private static let rounds = 9
    private static let held = 5_000_000

    static func run(_ edge: Edge) async throws {
        var generator = SetGenerator(seed: UInt64(now() * 1_000_000), run: "bench-sets")
        var references: [Double] = []
        func reference() throws {
            references.append(
                try SQLiteReference.insertionRate(in: edge.state + "/data", rows: transactions)
            )
        }
        note("empty ledger: a warm-up and \(rounds) sets of \(transactions) transactions")
        try reference()
        let empty = try await measure(edge, &generator)
        try reference()
        let peer = "rows/s of a prepared SQLite loop, ascending ids, empty table"
        try Figure("sets.100k", Double(transactions) / empty, "tx/s", of: peer, median(references))
            .print()

        var count = (rounds + 1) * transactions
        note("filling the ledger to \(held) entries")
        while count < held {
            try await edge.waitForCompletion(
                try await edge.submit(generator.set(count: transactions))
            )
            count += transactions
            if count % 1_000_000 == 0 { note("  \(count)") }
        }
        let full = try await measure(edge, &generator)
        note("with \(held) held: \(Int(Double(transactions) / full)) tx/s")
        try Figure(
            "sets.growth",
            full / Double(transactions) * 1_000_000,
            "us/tx",
            of: "us/tx in an empty ledger",
            empty / Double(transactions) * 1_000_000
        ).print()
        let memory = try edge.largestResidentMemory()
        try Figure("sets.rss", memory.megabytes, "MB", of: "limit (\(memory.name))", 400).print()
    }

    /// The median seconds from the first byte sent to `complete`, after a warm-up.
    private static func measure(
        _ edge: Edge,
        _ generator: inout SetGenerator
    ) async throws -> Double {
        var seconds: [Double] = []
        for round in 0...rounds {
            let body = generator.set(count: transactions)
            let start = now()
            let location = try await edge.submit(body)
            let accepted = now() - start
            try await edge.waitForCompletion(location)
            let complete = now() - start
            note("  accepted \(Int(accepted * 1_000)) ms, complete \(Int(complete * 1_000)) ms")
            if round > 0 { seconds.append(complete) }
        }
        return median(seconds)
    }
}
