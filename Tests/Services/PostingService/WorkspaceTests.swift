import NIOCore
import Protocol
import Testing

@testable import Bookkeeping
@testable import PostingService

@Suite("Workspaces for large sets")
struct WorkspaceTests {
    @Test("I-07: a set beyond the workspace is refused, up to it taken")
    func limit() {
        let workspace = SetWorkspace(maximumBytes: 10)
        #expect(workspace.append(ByteBuffer(string: "12345678")))
        #expect(!workspace.append(ByteBuffer(string: "901")))
        #expect(workspace.append(ByteBuffer(string: "90")))
        workspace.clear()
        #expect(workspace.append(ByteBuffer(string: "1234567890")))
    }

    @Test(
        "A set collected in pieces of any size posts as one that came whole",
        arguments: [1, 7, 64]
    )
    func pieces(size: Int) async throws {
        let set = TestSet([.init(id: "1"), .init(code: "AX84", id: "2"), .init(id: "3")])
        let whole = try await TestLedger.make().post(set)
        let test = try await TestLedger.make()
        let workspace = SetWorkspace(maximumBytes: 1 << 20)
        var rest = ByteBuffer(string: set.json)
        while let piece = rest.readSlice(length: min(size, rest.readableBytes)),
            piece.readableBytes > 0
        {
            #expect(workspace.append(piece))
        }
        let bytes = try await test.ledger.post(
            PostSetParameters(
                setID: 1,
                commitPolicy: .perTransaction,
                digest: TestLedger.digest(of: set.json),
                attempt: 1
            ),
            read: ReadSet(workspace)
        )
        #expect(try TestLedger.decode(bytes) == whole)
    }

    @Test("Who finds no workspace free waits for the next one, in order")
    func waiting() async throws {
        let pool = WorkspacePool(count: 1, maximumBytes: 16)
        let first = try await pool.take()
        async let second = pool.take()
        await pool.waitForWaiting(1)
        pool.give(back: first)
        let taken = try await second
        #expect(taken === first)
        pool.give(back: taken)
        #expect(try await pool.take() === first)
    }

    @Test("A caller that goes away while it waits takes no workspace with it")
    func cancelled() async throws {
        let pool = WorkspacePool(count: 1, maximumBytes: 16)
        let first = try await pool.take()
        let waiting = Task { try await pool.take() }
        await pool.waitForWaiting(1)
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        pool.give(back: first)
        #expect(try await pool.take() === first)
    }

    @Test("Digests are 64 hexadecimal digits in lower case", arguments: ["", "0g", "AB", "00"])
    func digests(text: String) throws {
        #expect(throws: RPCError.self) { try SetDigest.bytes(text) }
        let bytes = try SetDigest.bytes(String(repeating: "0a", count: 32))
        #expect(bytes == Array(repeating: 10, count: 32))
    }
}

extension WorkspacePool {
    /// Returns once so many callers wait; it gives up after ten seconds.
    fileprivate func waitForWaiting(_ count: Int) async {
        let end = ContinuousClock.now + .seconds(10)
        while waitingCount < count, ContinuousClock.now < end { await Task.yield() }
    }
}
