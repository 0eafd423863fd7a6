import Foundation
import Identity
import NIOCore
import NIOEmbedded
import Protocol
import TestSupport
import Testing

@testable import Transport

@Suite("Places of calls")
struct PlacesTests {
    private static let runs: UInt64 = 2_000
    private static let steps = 80

    @Test("No order of cancels, deadlines and half-read bodies costs a place, a window or a byte")
    func everyOrder() async throws {
        let faults = try await Self.inThread { loop, tls in
            var faults: [String] = []
            for seed in 1...Self.runs where faults.count < 5 {
                let simulation = CallSimulation(seed: seed)
                let left = try simulation.run(steps: Self.steps, loop: loop, tls: tls)
                if !left.isEmpty { faults.append("seed \(seed): \(left.joined(separator: ", "))") }
            }
            return faults
        }
        #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
    }

    @Test("A frame that has begun must be whole in time; one piece after another is no excuse")
    func slowFrame() async throws {
        let ending = try await Self.inThread { loop, tls in
            let pair = try ConnectionPair(loop: loop, tls: tls, work: TestMethods.echoBinding)
            defer { pair.end() }
            try pair.greet()
            var ping = RawPeer.frame(.ping)
            while let byte = ping.readSlice(length: 1), ping.readableBytes > 0 {
                try pair.say(byte)
                pair.pass(.seconds(3))
            }
            return [pair.unread]
        }
        #expect(ending.first?.contains("not whole 30 seconds after it had begun") == true)
    }

    @Test("A caller that sends whole frames slowly is served")
    func slowCaller() async throws {
        let left = try await Self.inThread { loop, tls in
            let pair = try ConnectionPair(loop: loop, tls: tls, work: TestMethods.echoBinding)
            defer { pair.end() }
            try pair.greet()
            var frames = ByteBuffer()
            for value in 0..<4 {
                frames.writeImmutableBuffer(RawPeer.frame(.ping, value: UInt32(value)))
            }
            // Every read ends in the middle of a frame.
            while let part = frames.readSlice(length: min(24, frames.readableBytes)),
                part.readableBytes > 0
            {
                try pair.say(part)
                pair.pass(.seconds(19))
            }
            return pair.leftovers
        }
        #expect(left == [])
    }

    /// An embedded loop belongs to the thread that made it.
    private static func inThread(
        _ body: @escaping @Sendable (EmbeddedEventLoop, SimulatedTLS) throws -> [String]
    ) async throws -> [String] {
        let authority = try TestAuthority()
        let tls = (
            client: try authority.clientContext(.client("demo")),
            server: try authority.serverContext(.posting)
        )
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try body(EmbeddedEventLoop(), tls) })
            }
        }
    }
}
