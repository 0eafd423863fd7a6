import Foundation
import Storage

/// A store in a folder of its own, for the time of one test.
func withStore(
    _ tables: String,
    _ work: (Store) async throws -> Void
) async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/service-store-\(UUID())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try Store.open(
        engine: .sqlite(path: folder + "/test.db"),
        migrations: [Migration(1, "tables", tables)]
    )
    try await work(store)
    await store.close()
}
