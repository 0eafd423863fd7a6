import Glibc
import Storage

/// Fills a small file system until writes are refused, makes space, and goes on.
struct Filling {
    /// Refusals in a row after which the disk counts as full.
    private static let enough = 5
    private static let rowBytes = 20_000
    private static let most = 10_000

    func run(_ path: String) async throws {
        let ballast = path + ".ballast"
        try keep(1 << 20, in: ballast)
        let store = try ProbeStore.open(path)
        say("open")
        var refused = 0
        var row = 0
        while refused < Self.enough, row < Self.most {
            refused = try await insert(row, into: store) ? 0 : refused + 1
            row += 1
        }
        guard refused == Self.enough else { return say("never full") }
        say("full")
        unlink(ballast)
        let first = row
        while row < first + 10 {
            guard try await insert(row, into: store) else { return say("still full") }
            row += 1
        }
        say("recovered")
        try await store.verify()
        await store.close()
        let again = try ProbeStore.open(path)
        try await again.verify()
        try await again.read { try $0.rows("SELECT name FROM row") { say("kept \($0.string(0))") } }
        await again.close()
    }

    private func insert(_ row: Int, into store: Store) async throws -> Bool {
        do {
            try await store.write { transaction in
                try transaction.execute(
                    "INSERT INTO row (name, filling) VALUES (?1, ?2)",
                    [.text("f-\(row)"), .blob([UInt8](repeating: 7, count: Self.rowBytes))]
                )
            }
            say("ack f-\(row)")
            return true
        } catch StoreError.full {
            say("refused f-\(row)")
            return false
        }
    }

    private func keep(_ bytes: Int, in path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
        defer { close(descriptor) }
        let zeros = [UInt8](repeating: 0, count: bytes)
        guard Glibc.write(descriptor, zeros, bytes) == bytes else { throw StoreError.full }
    }
}
