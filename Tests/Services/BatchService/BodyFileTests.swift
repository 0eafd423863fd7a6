import BatchService
import Testing

@Suite("Body files")
struct BodyFileTests {
    private static func files(
        _ folder: TemporaryFolder,
        lastUsed: (file: Int, end: Int)? = nil,
        fileBytes: Int = 8 << 20
    ) throws -> BodyFiles {
        var options = BodyFiles.Options()
        options.aheadBytes = 4 << 20
        options.fileBytes = fileBytes
        return try BodyFiles(directory: folder.path, lastUsed: lastUsed, options: options) {
            fatalError($0)
        }
    }

    private static func store(
        _ text: String,
        _ pool: ArenaPool,
        _ files: BodyFiles
    ) async throws -> BodyExtent {
        let loan = try #require(await pool.borrow())
        let bytes = Array(text.utf8)
        let upload = BodyUpload(expectedBytes: bytes.count, of: loan, to: files)
        for start in stride(from: 0, to: bytes.count, by: 500_000) {
            let end = min(start + 500_000, bytes.count)
            #expect(bytes[start..<end].withUnsafeBytes { loan.arena.append($0) })
            upload.advance()
        }
        return try await upload.finish().extent
    }

    private static func read(_ extent: BodyExtent, _ files: BodyFiles) throws -> String {
        var bytes = [UInt8](repeating: 0, count: extent.count)
        try bytes.withUnsafeMutableBytes { try files.read(extent, into: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("bodies lie one after the other and come back as they were, space prepared meanwhile")
    func roundTrip() async throws {
        let folder = try TemporaryFolder()
        let files = try Self.files(folder)
        files.prepareAhead()
        let pool = ArenaPool(limit: 2, capacity: 4 << 20)
        let texts = (1...5).map { String(repeating: "\($0)", count: 300_000 * $0) }
        var extents: [BodyExtent] = []
        for text in texts { extents.append(try await Self.store(text, pool, files)) }
        for (text, extent) in zip(texts, extents) {
            #expect(try Self.read(extent, files) == text)
        }
        try await eventually { files.preparedBytes >= 8 << 20 }
        for (text, extent) in zip(texts, extents) {
            #expect(try Self.read(extent, files) == text)
        }
    }

    @Test("a body never crosses the end of a file")
    func nextFile() async throws {
        let folder = try TemporaryFolder()
        let files = try Self.files(folder, fileBytes: 1 << 20)
        let pool = ArenaPool(limit: 2, capacity: 4 << 20)
        let first = try await Self.store(String(repeating: "a", count: 700_000), pool, files)
        let second = try await Self.store(String(repeating: "b", count: 700_000), pool, files)
        #expect(first.file == 1)
        #expect(second == BodyExtent(file: 2, offset: 0, count: 700_000))
        #expect(try Self.read(first, files).allSatisfy { $0 == "a" })
    }

    @Test("after a restart the unreferenced tail is used again")
    func tail() async throws {
        let folder = try TemporaryFolder()
        let pool = ArenaPool(limit: 2, capacity: 4 << 20)
        let first = try Self.files(folder)
        let kept = try await Self.store(String(repeating: "k", count: 200_000), pool, first)
        _ = try await Self.store(String(repeating: "x", count: 200_000), pool, first)
        let second = try Self.files(folder, lastUsed: (file: 1, end: kept.count))
        let next = try await Self.store(String(repeating: "n", count: 100_000), pool, second)
        #expect(next.offset == kept.count)
        #expect(try Self.read(kept, second).allSatisfy { $0 == "k" })
    }

    @Test("D-07: a body file that is shorter than its bodies stops the start")
    func truncated() async throws {
        let folder = try TemporaryFolder()
        _ = try Self.files(folder)
        #expect(throws: BodyFileError.self) {
            _ = try Self.files(folder, lastUsed: (file: 1, end: 1_000))
        }
    }

    @Test("an abandoned upload gives its place back")
    func abandoned() async throws {
        let folder = try TemporaryFolder()
        let files = try Self.files(folder)
        let pool = ArenaPool(limit: 2, capacity: 4 << 20)
        do {
            let loan = try #require(await pool.borrow())
            BodyUpload(expectedBytes: 100_000, of: loan, to: files).abandon()
        }
        try await files.onQueue {}
        let extent = try await Self.store(String(repeating: "a", count: 70_000), pool, files)
        #expect(extent.offset == 0)
    }

    @Test("arenas are lent to so many at once, in order, and kept")
    func arenas() async throws {
        let pool = ArenaPool(limit: 1, capacity: 1 << 20, longestQueue: 1)
        var first = await pool.borrow()
        let second = Task { await pool.borrow() }
        var isRefused = false
        while !isRefused {
            let third = Task { await pool.borrow() }
            third.cancel()
            isRefused = await third.value == nil
        }
        #expect(first != nil)
        first = nil
        #expect(await second.value != nil)
    }
}
