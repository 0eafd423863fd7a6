import Foundation
import NIOCore
import Protocol
import ServiceStore
import Storage
import Testing

@testable import Bookkeeping

@Suite("A store that an older program made")
struct OlderStoreTests {
    /// The store of posting-service as the fifth migration left it, then opened by this program.
    private func withOlderStore(
        _ rows: String,
        _ work: (Store) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/older-store-\(UUID())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/posting.db"
        let older = try Store.open(
            engine: .sqlite(path: path),
            migrations: Array(LedgerSchema.migrations.prefix { $0.number <= 5 })
        )
        try await older.write { _ = try $0.execute(rows) }
        await older.close()
        let store = try Store.open(engine: .sqlite(path: path), migrations: LedgerSchema.migrations)
        try await work(store)
        await store.close()
    }

    @Test("A2-15: a command's key is answered as it was; another body under it is refused")
    func keys() async throws {
        // SHA-256 of the method's name, a line feed and the body.
        let digest = "6c1b721a7d89ece3498583835101d4977947fff5caf378682795add05bdb04dd"
        try await withOlderStore(
            """
            INSERT INTO command_key(account, idempotency_key, digest, http_status, reply, at)
            VALUES('clerk', 'KEY-1', x'\(digest)', 200, CAST('{}' AS BLOB), 7)
            """
        ) { store in
            let known = try await store.answer(to: key(#"{"amount":1}"#))
            #expect(known?.body == Array("{}".utf8))
            #expect(known?.metadata == ["http_status": .integer(200)])
            #expect(known?.isReplay == true)
            await #expect(throws: RPCError.self) {
                _ = try await store.answer(to: key(#"{"amount":2}"#))
            }
        }
    }

    private func key(_ body: String) throws -> RequestKey? {
        try RequestKey(
            "KEY-1",
            of: "clerk",
            method: LedgerPaymentMethods.postPayment.name,
            body: ByteBuffer(string: body),
            separator: UInt8(ascii: "\n")
        )
    }
}
