import Foundation
import Storage
import Testing

@Suite("Disk faults", .serialized)
struct DiskFaultTests {
    /// Fails the n-th call for every n, until a run meets no fault; returns how many runs did.
    private func failEach(
        _ call: String,
        _ action: String,
        rows: Int,
        check: (_ number: Int, Subprocess.Result, TestFolder) async throws -> Void
    ) async throws -> Int {
        for number in 1...1_000 {
            let folder = try TestFolder()
            let result = try Probe.run(
                "write",
                folder.store,
                ["row", String(rows), "1", "24"],
                faults: "\(call):\(action):\(number):\(number)"
            )
            guard result.lines.contains("fault") else { return number - 1 }
            try await check(number, result, folder)
        }
        return 1_000
    }

    private func expectDeath(
        _ number: Int,
        _ result: Subprocess.Result,
        _ folder: TestFolder
    ) async throws {
        let wasOpen = result.lines.contains("open")
        #expect(result.status == (wasOpen ? Store.fatalExitStatus : 65), "call \(number)")
        #expect(result.words(after: "fatal:").count == (wasOpen ? 1 : 0), "call \(number)")
        // The caller before may be on its way to say so; what it says must be true.
        let later = result.lines.drop { $0 != "fault" }.filter { $0.hasPrefix("ack") }
        #expect(later.count <= 1, "call \(number)")
        try await folder.expectExactly(result.acknowledged, atMostBesides: 1, "call \(number)")
    }

    @Test("D-01: when any fsync fails and loses its data, nothing acknowledged was in it")
    func failingSync() async throws {
        let faults = try await failEach("sync", "LOST", rows: 30, check: expectDeath)
        #expect(faults > 40)
    }

    @Test("D-01: when any fsync fails the process ends and acknowledges nothing more")
    func failingSyncThatKeeps() async throws {
        let faults = try await failEach("sync", "EIO", rows: 8, check: expectDeath)
        #expect(faults > 15)
    }

    @Test("D-01: an fsync that finds the disk full is no better than one that fails")
    func fullSync() async throws {
        let faults = try await failEach("sync", "ENOSPC", rows: 3, check: expectDeath)
        #expect(faults > 3)
    }

    @Test("D-05: when any write fails the process ends, nothing more is acknowledged, all is kept")
    func failingWrite() async throws {
        let faults = try await failEach("write", "EIO", rows: 8, check: expectDeath)
        #expect(faults > 40)
    }

    @Test("D-02: a write refused for want of space loses its call only, and the process goes on")
    func fullWrite() async throws {
        let faults = try await failEach("write", "ENOSPC", rows: 8) { number, result, folder in
            guard result.lines.contains("open") else {
                #expect(result.status == 65, "call \(number)")
                return try await folder.expectExactly([], atMostBesides: 0, "call \(number)")
            }
            // In the anchor, whose space is kept for it, want of space is an error of the disk.
            #expect(result.status == 0 || result.status == Store.fatalExitStatus)
            if result.status == 0 {
                let refused = result.words(after: "refused")
                #expect(refused.allSatisfy { $0.hasSuffix(" the disk is full") })
                #expect(result.acknowledged.count + refused.count == 8, "call \(number)")
            }
            try await folder.expectExactly(
                result.acknowledged,
                atMostBesides: result.status == 0 ? 0 : 1,
                "call \(number)"
            )
        }
        #expect(faults > 40)
    }

    @Test("D-02: a full file system refuses, loses nothing, and serves again once there is space")
    func fullFileSystem() async throws {
        let folder = try TestFolder()
        let fill = "mount -t tmpfs -o size=6m tmpfs \"$1\" && exec \"$2\" fill \"$1/probed.db\""
        // The mount ends with its namespace; without root that needs a namespace of users, too.
        let namespaces = getuid() == 0 ? ["--mount"] : ["--user", "--map-root-user", "--mount"]
        let result = try Subprocess.run(
            "unshare",
            namespaces + ["sh", "-c", fill, "sh", folder.path, Probe.path]
        )
        #expect(result.status == 0)
        #expect(result.lines.contains("full") && result.lines.contains("recovered"))
        #expect(!result.words(after: "refused").isEmpty)
        #expect(result.words(after: "kept").sorted() == result.acknowledged.sorted())
    }

    @Test("D-03: writes that take half of the bytes at a time lose nothing")
    func shortWrites() async throws {
        let folder = try TestFolder()
        let result = try Probe.run(
            "write",
            folder.store,
            ["row", "60", "4"],
            faults: "write:SHORT:1:1000000"
        )
        #expect(result.status == 0)
        #expect(result.acknowledged.count == 60)
        try await folder.expectExactly(result.acknowledged, atMostBesides: 0)
    }

    @Test("D-04: while the disk is slow the queue stays bounded and nobody is served twice")
    func slowDisk() async throws {
        let folder = try TestFolder()
        let result = try Probe.run(
            "write",
            folder.store,
            ["row", "400", "100"],
            faults: "sync:SLOW:1:1000000"
        )
        #expect(result.status == 0)
        let refused = result.words(after: "refused")
        #expect(!refused.isEmpty && refused.allSatisfy { $0.contains("too many calls wait") })
        #expect(result.acknowledged.count + refused.count == 400)
        try await folder.expectExactly(result.acknowledged, atMostBesides: 0)
    }

    @Test("D-09: without a file descriptor left the store works on")
    func noDescriptors() async throws {
        let folder = try TestFolder()
        let result = try Probe.run("starve", folder.store)
        #expect(result.status == 0)
        #expect(result.lines.contains("starved true"))
        #expect(result.acknowledged.count == 200)
        #expect(result.lines.contains("read 200"))
        try await folder.expectExactly(result.acknowledged, atMostBesides: 0)
    }
}
