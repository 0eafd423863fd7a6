import Glibc

/// What a store must be able to show when it is next opened, kept in a small file beside it.
///
/// A database that is gone, emptied, shortened, older than its anchor or another one's, and a log
/// that was taken away, shortened or spoilt while commits stood in it alone, are found by comparing
/// the two (faults D-06, D-07, D-08): nothing ever starts from an empty ledger.
struct SQLiteAnchor: Equatable {
    /// The random id that was made with the store.
    var identifier: String
    /// Whether the store is still being made: nothing was ever acknowledged.
    var isNew = true
    /// Commits that the store must show at least; it counts them itself.
    var commits: Int64 = 0
    /// Bytes that the database file has at least.
    var databaseBytes: Int64 = 0
    /// Bytes that the log has at least.
    var logBytes: Int64 = 0
}

extension SQLiteAnchor {
    private static let title = "bursar-store-anchor-1"

    /// One line of words, the last of which is a fingerprint of the others.
    func text(sequence: Int64) -> String {
        let words = [
            Self.title, String(sequence), identifier, isNew ? "new" : "made", String(commits),
            String(databaseBytes), String(logBytes),
        ]
        let line = words.joined(separator: " ")
        return line + " " + hexadecimal(Fingerprint.of(line.utf8)) + "\n"
    }

    /// Reads such a line; nil where it is not whole.
    static func parse(_ text: some StringProtocol) -> (anchor: SQLiteAnchor, sequence: Int64)? {
        guard let end = text.firstIndex(of: "\n") else { return nil }
        let line = text[..<end]
        guard let last = line.lastIndex(of: " ") else { return nil }
        let sum = hexadecimal(Fingerprint.of(line[..<last].utf8))
        let words = line[..<last].split(separator: " ", omittingEmptySubsequences: false)
        guard sum == line[line.index(after: last)...], words.count == 7, words[0] == title,
            let sequence = Int64(words[1]), let commits = Int64(words[4]),
            let databaseBytes = Int64(words[5]), let logBytes = Int64(words[6])
        else { return nil }
        let anchor = SQLiteAnchor(
            identifier: String(words[2]),
            isNew: words[3] == "new",
            commits: commits,
            databaseBytes: databaseBytes,
            logBytes: logBytes
        )
        return (anchor, sequence)
    }
}

/// The anchor's file: two places written in turn, so that a torn write leaves the other one.
final class SQLiteAnchorFile {
    /// Bytes from one place to the other: they never share a block of the disk.
    private static let stride = 4_096

    static func path(for store: String) -> String { store + ".anchor" }

    private let path: String
    private let descriptor: Int32
    private var sequence: Int64
    private(set) var anchor: SQLiteAnchor

    /// Opens what was left behind; nil where there is no anchor.
    init?(for store: String) throws {
        path = Self.path(for: store)
        descriptor = open(path, O_RDWR | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT { return nil }
        guard descriptor >= 0 else { throw DurableFile.failure(path) }
        var bytes = [UInt8](repeating: 0, count: 2 * Self.stride)
        let count = max(0, pread(descriptor, &bytes, bytes.count, 0))
        let places = [0, Self.stride].compactMap { start in
            SQLiteAnchor.parse(
                String(decoding: bytes.prefix(count).dropFirst(start).prefix(512), as: UTF8.self)
            )
        }
        guard let newest = places.max(by: { $0.sequence < $1.sequence }) else {
            close(descriptor)
            throw StoreError.damaged(
                "\(path) is damaged: restore the store with its anchor, or, if the store is known "
                    + "to be whole, remove the anchor"
            )
        }
        anchor = newest.anchor
        sequence = newest.sequence
    }

    /// Makes the file.
    init(for store: String, _ anchor: SQLiteAnchor) throws {
        path = Self.path(for: store)
        var bytes = [UInt8](repeating: 0, count: 2 * Self.stride)
        for (offset, byte) in anchor.text(sequence: 0).utf8.enumerated() {
            bytes[offset] = byte
            bytes[Self.stride + offset] = byte
        }
        try DurableFile.replace(path, with: bytes)
        descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw DurableFile.failure(path) }
        self.anchor = anchor
        sequence = 0
    }

    deinit { close(descriptor) }

    /// Writes the anchor durably; needs no space.
    func update(_ change: (inout SQLiteAnchor) -> Void) throws {
        var next = anchor
        change(&next)
        guard next != anchor else { return }
        let place = (sequence + 1) % 2 * Int64(Self.stride)
        let bytes = Array(next.text(sequence: sequence + 1).utf8)
        do {
            try DurableFile.write(bytes, at: place, to: descriptor, path: path)
        } catch StoreError.full {
            throw StoreError.inputOutput("\(path): no space where space was kept")
        }
        sequence += 1
        anchor = next
    }
}
