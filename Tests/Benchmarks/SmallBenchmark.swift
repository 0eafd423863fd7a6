import NIOConcurrencyHelpers
import NIOCore

/// `deploy/bench small`: many one-transaction COMMIT sets at once, and a read beside a large set.
enum SmallBenchmark {
    private static let clients = 64
    private static let seconds = 10.0

    static func run(_ edge: Edge, reader: Edge) async throws {
        let peer = try SQLiteReference.commitRate(in: edge.state + "/data", seconds: 3)
        let named = "single-row durable commits/s of one SQLite connection"
        note("\(clients) clients, one transaction a set, \(Int(seconds)) s")
        _ = try await submit(edge, run: "bench-warm", seconds: 2)
        let start = now()
        let run = "bench-small-\(UInt64(start * 1_000))"
        let accepted = try await submit(edge, run: run, seconds: seconds)
        let accepting = now() - start
        while try await edge.completed(run: run) < accepted {
            guard now() - start < 120 else {
                throw Edge.Failure(description: "the sets did not all complete within two minutes")
            }
            try await Task.sleep(nanoseconds: 5_000_000)
        }
        let completing = now() - start
        let again = try SQLiteReference.commitRate(in: edge.state + "/data", seconds: 3)
        let reference = (peer + again) / 2
        try Figure("small.accepted", Double(accepted) / accepting, "sets/s", of: named, reference)
            .print()
        try Figure("small.sets", Double(accepted) / completing, "sets/s", of: named, reference)
            .print()
        try await reads(edge, reader)
    }

    /// Keeps every client busy for a while; returns how many sets were accepted.
    private static func submit(_ edge: Edge, run: String, seconds: Double) async throws -> Int {
        let end = now() + seconds
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for client in 0..<clients {
                group.addTask {
                    var generator = SetGenerator(
                        seed: UInt64(now() * 1_000_000) &+ UInt64(client) &* 7_919,
                        run: run
                    )
                    var count = 0
                    while now() < end {
                        _ = try await edge.submit(generator.set(count: 1))
                        count += 1
                    }
                    return count
                }
            }
            var total = 0
            for try await count in group { total += count }
            return total
        }
    }

    /// GET of a task while a large set runs, from a connection of its own.
    private static func reads(_ edge: Edge, _ reader: Edge) async throws {
        var generator = SetGenerator(seed: UInt64(now() * 1_000_000), run: "bench-reads")
        let small = try await edge.submit(generator.set(count: 1))
        try await edge.waitForCompletion(small)
        var latencies: [Double] = []
        for _ in 0..<5 {
            let body = generator.set(count: 100_000)
            let hasEnded = NIOLockedValueBox(false)
            async let posting: Void = {
                defer { hasEnded.withLockedValue { $0 = true } }
                try await edge.waitForCompletion(try await edge.submit(body))
            }()
            while !hasEnded.withLockedValue({ $0 }) {
                let start = now()
                _ = try await reader.status(small)
                latencies.append((now() - start) * 1_000)
            }
            try await posting
        }
        note("  \(latencies.count) reads, median \(median(latencies)) ms")
        try Figure("small.get.p99", percentile(latencies, 0.99), "ms", of: "limit", 25).print()
    }
}
