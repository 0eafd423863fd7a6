import NIOCore
import NIOEmbedded
import Protocol
import TLS

@testable import Transport

/// Calls of every kind over a `ConnectionPair`, begun, cancelled, left and answered in an order that
/// a seed decides.
///
/// Whoever takes part (callers, handlers, readers, writers of bodies) stops at gates, which are
/// opened in any order; so every interleaving that a network and a scheduler can make may come up.
final class CallSimulation: @unchecked Sendable {
    private static let work = TestMethods.method("simulated.work", maximumReplyBytes: 4 << 20)
    private static let bytes = ByteBuffer(repeating: 7, count: 2 << 20)

    private var random: SeededRandom
    private var gates: [UnsafeContinuation<Void, Never>] = []
    private var callers: [Task<Void, Never>] = []
    private var waiting = 0
    private var made: ConnectionPair?

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// Runs `steps` steps, lets everything end, and tells what was left over.
    func run(
        steps: Int,
        loop: EmbeddedEventLoop,
        tls: SimulatedTLS
    ) throws -> [String] {
        let pair = try ConnectionPair(loop: loop, tls: tls, work: binding)
        made = pair
        defer {
            pair.end()
            made = nil
        }
        for _ in 0..<steps { try step(pair) }
        try settle(pair)
        guard waiting == 0 else { return ["\(waiting) callers still wait"] }
        return try pair.leftovers + oneMoreCall(pair)
    }

    private func step(_ pair: ConnectionPair) throws {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<4: begin(pair)
        case 4..<6: callers.randomElement(using: &random)?.cancel()
        case 6..<11: openGate()
        case 11..<15: try pair.carryUp(count())
        case 15..<19: try pair.carryDown(count())
        default: pair.loop.advanceTime(by: .milliseconds(chance(2) ? 1 : 100))
        }
        pair.settle()
    }

    /// A few bytes, or all of them.
    private func count() -> Int { chance(2) ? .max : Int.random(in: 1...100_000, using: &random) }

    private func settle(_ pair: ConnectionPair) throws {
        // Longer than any deadline.
        for _ in 0..<100 {
            repeat {
                while !gates.isEmpty { openGate() }
                try pair.carryUp()
                try pair.carryDown()
            } while !pair.isQuiet || !gates.isEmpty
            guard waiting > 0 || !pair.leftovers.isEmpty else { return }
            pair.pass(.milliseconds(50))
        }
    }

    private func oneMoreCall(_ pair: ConnectionPair) throws -> [String] {
        let client = pair.client
        nonisolated(unsafe) var answer = "was not answered"
        Task(executorPreference: client.executor) {
            do {
                answer = String(buffer: try await client.call(BuiltInMethods.health).body)
            } catch {
                answer = "\(error)"
            }
        }
        pair.settle()
        try pair.carryUp()
        try pair.carryDown()
        let isServing = answer.contains("serving")
        return isServing ? [] : ["one more call: \(answer)"]
    }

    // MARK: Chance

    private func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &random) == 0 }

    private func openGate() {
        guard !gates.isEmpty else { return }
        gates.remove(at: Int.random(in: gates.indices, using: &random)).resume()
        made?.settle()
    }

    private func perhapsStop() async {
        guard chance(2) else { return }
        await withUnsafeContinuation { gates.append($0) }
    }

    private func body() -> ByteBuffer {
        let sizes = [0, 100, 65_536, 65_537, 200_000, 600_000, 1 << 20]
        let size = sizes.randomElement(using: &random) ?? 0
        return Self.bytes.getSlice(at: 0, length: size) ?? ByteBuffer()
    }

    // MARK: Callers

    private func begin(_ pair: ConnectionPair) {
        let client = pair.client
        waiting += 1
        callers.append(
            Task(executorPreference: client.executor) {
                // How a call ends is of no interest here; that it ends is.
                try? await self.call(client)
                self.waiting -= 1
            }
        )
    }

    private func call(_ client: RPCClient) async throws {
        let timeout = Int64([5, 200, 3_000].randomElement(using: &random) ?? 5)
        let options = CallOptions(timeout: .milliseconds(timeout))
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            _ = try await client.call(Self.work, body: body(), options: options)
        case 1:
            let pieces = GatedPieces(count: Int.random(in: 0..<8, using: &random)) {
                await self.perhapsStop()
                guard !self.chance(20) else { throw ChannelError.eof }
                return self.body()
            }
            _ = try await client.open(
                Self.work,
                bodyStream: pieces,
                expectedBytes: nil,
                options: options
            )
        default:
            let stream = try await client.stream(Self.work, body: body(), options: options)
            for try await _ in stream {
                await perhapsStop()
                if chance(10) { break }
            }
        }
    }

    // MARK: The handler

    private var binding: MethodBinding { MethodBinding(Self.work) { try await self.handle($0) } }

    private func handle(_ call: IncomingCall) async throws -> OutgoingReply {
        if !chance(4) { try await read(call.body) }
        await perhapsStop()
        // Some handlers do not heed that they were cancelled.
        if chance(2) { try Task.checkCancellation() }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: throw RPCError(.notFound, reason: "simulated", message: "")
        case 1, 2: return OutgoingReply(body: body())
        default:
            let pieces = Int.random(in: 0..<6, using: &random)
            let doesHeed = chance(2)
            return OutgoingReply { writer in
                for _ in 0..<pieces {
                    await self.perhapsStop()
                    do {
                        try await writer.write(self.body())
                    } catch  where !doesHeed {}
                }
            }
        }
    }

    private func read(_ body: RequestBody) async throws {
        for try await _ in body {
            await perhapsStop()
            if chance(20) { return }
        }
    }
}

/// A body whose pieces come when somebody makes them.
private struct GatedPieces: AsyncSequence, Sendable {
    let count: Int
    let make: @Sendable () async throws -> ByteBuffer

    struct AsyncIterator: AsyncIteratorProtocol {
        var left: Int
        let make: @Sendable () async throws -> ByteBuffer

        mutating func next() async throws -> ByteBuffer? {
            guard left > 0 else { return nil }
            left -= 1
            return try await make()
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(left: count, make: make) }
}
