import Foundation
import Storage
import storage_probe
import Testing

/// What is done to the files of a store between two processes.
@Suite("Files left behind", .serialized)
struct LeftFilesTests {
    /// A store whose process was killed while its newest commits stood in the log alone.
    private func killed() async throws -> (folder: TestFolder, acknowledged: [String]) {
        let folder = try TestFolder()
        let result = try Probe.run("write", folder.store, ["row", "100000", "1", "8192"]) {
            $0.count > 60
        }
        return (folder, result.acknowledged)
    }

    private func expectRefusal(_ folder: TestFolder, naming text: String) {
        do {
            _ = try folder.open()
            Issue.record("the store was opened")
        } catch StoreError.damaged(let message) {
            #expect(message.contains(text))
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test("A store that was killed opens, and its log is what the checks below expect")
    func killedStoreOpens() async throws {
        let (folder, acknowledged) = try await killed()
        try await folder.expectExactly(acknowledged, atMostBesides: 1)
    }

    @Test(
        "D-07: a log that was taken away or emptied after a crash is missed",
        arguments: [true, false]
    )
    func lostLog(isRemoved: Bool) async throws {
        let (folder, _) = try await killed()
        if isRemoved {
            try FileManager.default.removeItem(atPath: folder.log)
        } else {
            try folder.edit(folder.log) { $0 = Data() }
        }
        expectRefusal(folder, naming: "probed.db-wal was taken away")
    }

    @Test("D-07: a log that was shortened is found", arguments: [1, 40_000])
    func shortLog(bytes: Int) async throws {
        let (folder, _) = try await killed()
        try folder.edit(folder.log) { $0.removeLast(bytes) }
        expectRefusal(folder, naming: "probed.db-wal has been shortened")
    }

    @Test("D-07: a database that was shortened is found")
    func shortDatabase() async throws {
        let (folder, _) = try await killed()
        try folder.edit(folder.store) { $0.removeLast(4_096) }
        expectRefusal(folder, naming: "probed.db has been shortened")
    }

    @Test("D-07: a log without its database is no new store")
    func logAlone() async throws {
        let (folder, _) = try await killed()
        for path in [folder.store, folder.store + ".anchor"] {
            try FileManager.default.removeItem(atPath: path)
        }
        expectRefusal(folder, naming: "is here without")
    }

    @Test("D-07: an empty file without an anchor is no new store")
    func emptyFile() throws {
        let folder = try TestFolder()
        try Data().write(to: URL(fileURLWithPath: folder.store))
        expectRefusal(folder, naming: "is empty")
    }

    @Test("D-07: after a clean stop the log is gone and not missed")
    func cleanStop() async throws {
        let folder = try TestFolder()
        let result = try Probe.run("write", folder.store, ["row", "60"])
        #expect(!FileManager.default.fileExists(atPath: folder.log))
        try await folder.expectExactly(result.acknowledged, atMostBesides: 0)
    }

    @Test("A store whose log another program has copied into the database whole is accepted")
    func recoveredElsewhere() async throws {
        let (folder, acknowledged) = try await killed()
        #expect(try Probe.run("intrude", folder.store).lines == ["written", "done"])
        #expect(!FileManager.default.fileExists(atPath: folder.log))
        try await folder.expectExactly(acknowledged, atMostBesides: 2)
    }

    @Test("D-06: a bit flipped in the log before acknowledged commits is found, with its place")
    func spoiltLog() async throws {
        let (folder, _) = try await killed()
        try folder.edit(folder.log) { $0[32 + 24 + 1_000] ^= 1 }
        expectRefusal(folder, naming: "probed.db-wal is damaged at its frame 1")
    }

    @Test("D-06: a log whose header is spoilt is not taken for an empty one")
    func spoiltHeader() async throws {
        let (folder, _) = try await killed()
        try folder.edit(folder.log) { $0[17] ^= 1 }
        expectRefusal(folder, naming: "older than it was here")
    }

    @Test("D-06: of a spoilt anchor the other place is read; with both spoilt it is refused")
    func spoiltAnchor() async throws {
        let folder = try TestFolder()
        let result = try Probe.run("write", folder.store, ["row", "5"])
        let anchor = folder.store + ".anchor"
        let newest = try Data(contentsOf: URL(fileURLWithPath: anchor))
        for start in [0, 4_096] {
            try newest.write(to: URL(fileURLWithPath: anchor))
            try folder.edit(anchor) { $0[start + 30] ^= 1 }
            try await folder.expectExactly(result.acknowledged, atMostBesides: 0)
        }
        try folder.edit(anchor) {
            $0[30] ^= 1
            $0[4_096 + 30] ^= 1
        }
        expectRefusal(folder, naming: "probed.db.anchor is damaged")
    }

    @Test("A whole store that was put here without its anchor is taken in under its own id")
    func withoutAnchor() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        let identifier = store.identifier
        await store.close()
        try FileManager.default.removeItem(atPath: folder.store + ".anchor")
        let again = try folder.open()
        #expect(again.identifier == identifier)
        await again.close()
    }

    @Test("Nobody but the owner can read any file of the store")
    func permissions() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        try await store.write { try $0.execute("INSERT INTO row (name) VALUES ('secret')") }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(files.count == 5)
        for file in files {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: folder.path + "/" + file
            )
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
        }
        await store.close()
    }
}
