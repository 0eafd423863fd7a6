import Foundation
import Storage
import storage_probe
import Testing

@Suite("Crashes", .serialized)
struct CrashTests {
    @Test("C-01: of 30 processes killed at random moments every acknowledged row is kept")
    func kills() async throws {
        let folder = try TestFolder()
        var acknowledged: [String] = []
        for round in 0..<30 {
            let enough = Int.random(in: 0...150)
            let result = try Probe.run("write", folder.store, ["r\(round)", "100000", "8"]) {
                $0.count > enough
            }
            #expect(result.status == nil)
            acknowledged += result.acknowledged
        }
        #expect(acknowledged.count > 100)
        try await folder.expectExactly(acknowledged, atMostBesides: 30 * 8)
    }

    @Test("C-03: killed at any write of the log or the database, the store opens again, exact")
    func killsInsideCalls() async throws {
        for number in stride(from: 1, through: 160, by: 7) {
            let folder = try TestFolder()
            let plan = "write:KILL:\(number):\(number)"
            let result = try Probe.run("write", folder.store, ["row", "40"], faults: plan)
            try await folder.expectExactly(result.acknowledged, atMostBesides: 1, "\(number)")
        }
    }

    @Test("C-14: another process cannot open a store that is open, and learns who has it")
    func secondProcess() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        let result = try Probe.run("write", folder.store)
        #expect(result.status == 65)
        let holder = ProcessInfo.processInfo.processIdentifier
        #expect(result.lines.count == 1)
        #expect(result.lines[0].contains("is in use by process \(holder)"))
        await store.close()
        #expect(try Probe.run("write", folder.store).status == 0)
    }

    @Test("C-14: a program that goes past the lock cannot write, even while the store is idle")
    func intruder() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        try await store.write { try $0.execute("INSERT INTO row (name) VALUES ('ours')") }
        #expect(try Probe.run("intrude", folder.store).lines == ["locked", "done"])
        try await store.write { try $0.execute("INSERT INTO row (name) VALUES ('later')") }
        #expect(try await store.names() == ["ours", "later"])
        await store.close()
    }
}
