internal import Foundation

/// A small file beside the store that remembers what the store must be able to show.
///
/// It is written (and fsynced) when the store is opened and when it is closed. A database that is
/// gone, empty, older than its anchor, or whose write-ahead log was taken away after a crash is
/// found by comparing the two; nothing then starts from an empty ledger (faults D-07, D-08).
struct StoreAnchor: Codable, Equatable {
    /// The random id that was made with the store.
    var identifier: String
    /// How often the store has been opened; the same count is kept inside it.
    var opens: Int64
    /// False while a process holds the store: its newest commits may be in the log alone.
    var isClosed: Bool

    static func path(for store: String) -> String { store + ".anchor" }

    /// What was left behind, or nil where there is no anchor.
    static func read(for store: String) throws -> StoreAnchor? {
        let path = path(for: store)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return try JSONDecoder().decode(
                StoreAnchor.self,
                from: Data(contentsOf: URL(fileURLWithPath: path))
            )
        } catch {
            throw StoreError.damaged(
                "\(path) is damaged: restore the store with its anchor, or, if the store is known "
                    + "to be whole, remove the anchor"
            )
        }
    }

    /// Replaces the anchor in one step that survives a power cut.
    func write(for store: String) throws {
        let path = Self.path(for: store)
        let draft = path + ".new"
        let text = try JSONEncoder().encode(self)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(draft) }
        defer { close(descriptor) }
        let written = text.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard written == text.count, fsync(descriptor) == 0, rename(draft, path) == 0 else {
            throw Self.failure(path)
        }
        try Self.syncDirectory(of: path)
    }

    /// Makes names that were created or replaced in a file's folder durable.
    static func syncDirectory(of path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(folder) }
    }

    private static func failure(_ path: String) -> StoreError {
        .inputOutput("\(path): \(String(cString: strerror(errno)))")
    }
}
