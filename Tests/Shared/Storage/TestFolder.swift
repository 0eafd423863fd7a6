import Foundation
import Storage
import storage_probe
import Testing

/// A folder of one test's own with a store in it; removed with it.
final class TestFolder: Sendable {
    let path: String

    init() throws { path = try Self.temporary("store").path }

    deinit {
        // What is left behind stands in the system's temporary folder.
        try? FileManager.default.removeItem(atPath: path)
    }

    var store: String { path + "/probed.db" }
    var log: String { store + "-wal" }

    /// In memory where that is possible: these tests fail, kill and count, and need no disk.
    static func temporary(_ name: String) throws -> URL {
        let memory = URL(fileURLWithPath: "/dev/shm")
        let isWritable = FileManager.default.isWritableFile(atPath: memory.path)
        let folder = (isWritable ? memory : FileManager.default.temporaryDirectory)
            .appendingPathComponent("\(name)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    func open() throws -> Store { try ProbeStore.open(store) }

    /// Changes a file's bytes.
    func edit(_ path: String, _ change: (inout Data) -> Void) throws {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        change(&bytes)
        try bytes.write(to: URL(fileURLWithPath: path))
    }

    /// The store is whole, holds every acknowledged row once, and no row but those and `unknown`.
    func expectExactly(
        _ acknowledged: [String],
        atMostBesides unknown: Int,
        _ comment: Comment? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let store = try open()
        try await store.verify()
        let names = try await store.names()
        await store.close()
        let kept = Set(names)
        let lost = acknowledged.filter { !kept.contains($0) }
        #expect(lost == [], comment, sourceLocation: sourceLocation)
        let more = names.count - acknowledged.count
        #expect((0...unknown).contains(more), comment, sourceLocation: sourceLocation)
    }
}

extension Store {
    func names() async throws -> [String] {
        try await read { transaction in
            var names: [String] = []
            try transaction.rows("SELECT name FROM row ORDER BY id") { names.append($0.string(0)) }
            return names
        }
    }
}
