import BatchService
import Foundation
import Testing

@Suite("Body files")
struct BodyFileTests {
    private static func files(
        _ folder: TemporaryFolder,
        used: [BodyExtent] = [],
        fileBytes: Int = 8 << 20
    ) throws -> BodyFiles {
        var options = BodyFiles.Options()
        options.aheadBytes = 4 << 20
        options.fileBytes = fileBytes
        return try BodyFiles(directory: folder.path, used: used, options: options) {
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
        defer { upload.keep() }
        return try await upload.finish().extent
    }

    /// An upload of so many bytes that are written, but that no set keeps yet.
    private static func begun(
        _ count: Int,
        isAnnounced: Bool = true,
        _ pool: ArenaPool,
        _ files: BodyFiles
    ) async throws -> BodyUpload {
        let loan = try #require(await pool.borrow())
        let upload = BodyUpload(expectedBytes: isAnnounced ? count : nil, of: loan, to: files)
        let bytes = [UInt8](repeating: 7, count: count)
        #expect(bytes.withUnsafeBytes { loan.arena.append($0) })
        upload.advance()
        _ = try await upload.finish()
        return upload
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
        let second = try Self.files(folder, used: [kept])
        let next = try await Self.store(String(repeating: "n", count: 100_000), pool, second)
        #expect(next.offset == kept.count)
        #expect(try Self.read(kept, second).allSatisfy { $0 == "k" })
    }

    @Test("D-07: a body file that is shorter than its bodies stops the start")
    func truncated() async throws {
        let folder = try TemporaryFolder()
        _ = try Self.files(folder)
        #expect(throws: BodyFileError.self) {
            _ = try Self.files(folder, used: [BodyExtent(file: 1, offset: 0, count: 1_000)])
        }
    }

    @Test("after a kill, what it left between and behind the bodies that are kept is used again")
    func killed() async throws {
        let folder = try TemporaryFolder()
        let pool = ArenaPool(limit: 4, capacity: 4 << 20)
        var files = try Self.files(folder, fileBytes: 1 << 20)
        var kept: [BodyExtent] = []
        kept.append(try await Self.store(String(repeating: "a", count: 200_000), pool, files))
        let lost = try await Self.store(String(repeating: "x", count: 300_000), pool, files)
        kept.append(try await Self.store(String(repeating: "b", count: 200_000), pool, files))
        let behind = try await Self.store(String(repeating: "y", count: 700_000), pool, files)
        #expect(behind.file == 2)
        files = try Self.files(folder, used: kept, fileBytes: 1 << 20)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/002"))
        let next = try await Self.store(String(repeating: "n", count: 300_000), pool, files)
        #expect(next == lost)
        #expect(try Self.read(kept[0], files).allSatisfy { $0 == "a" })
        #expect(try Self.read(kept[1], files).allSatisfy { $0 == "b" })
    }

    @Test("uploads that end in any order give their places back", arguments: [true, false])
    func interleaved(isAnnounced: Bool) async throws {
        let folder = try TemporaryFolder()
        let files = try Self.files(folder)
        let pool = ArenaPool(limit: 3, capacity: 4 << 20)
        var uploads: [BodyUpload] = []
        for _ in 0..<3 {
            uploads.append(try await Self.begun(500_000, isAnnounced: isAnnounced, pool, files))
        }
        while !uploads.isEmpty { uploads.removeFirst() }
        try await files.onQueue {}
        let extent = try await Self.store(String(repeating: "a", count: 70_000), pool, files)
        #expect(extent == BodyExtent(file: 1, offset: 0, count: 70_000))
    }

    @Test("an upload that is dropped halfway gives its place back once nothing writes to it")
    func dropped() async throws {
        let folder = try TemporaryFolder()
        let files = try Self.files(folder)
        let pool = ArenaPool(limit: 2, capacity: 4 << 20)
        do {
            let loan = try #require(await pool.borrow())
            let upload = BodyUpload(expectedBytes: 3 << 20, of: loan, to: files)
            let bytes = [UInt8](repeating: 7, count: 2 << 20)
            #expect(bytes.withUnsafeBytes { loan.arena.append($0) })
            upload.advance()
        }
        try await files.onQueue {}
        try await files.onQueue {}
        let text = String(repeating: "a", count: 1 << 20)
        let extent = try await Self.store(text, pool, files)
        #expect(extent.offset == 0)
        #expect(try Self.read(extent, files) == text)
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
