internal import NIOCore
internal import Protocol
internal import Transport

/// Asks auth-service for its snapshot, every second.
struct SnapshotPoller: Sendable {
    /// Between attempts while there is no snapshot yet, so that a cold start is quick.
    private static let firstPeriod = Duration.milliseconds(200)

    let gate: AccessGate
    let client: RPCClient

    var loop: BackgroundLoop {
        BackgroundLoop(
            "access_snapshot",
            "Asks auth-service for keys, grants and sources, by which callers are let in.",
            every: .seconds(1)
        ) {
            try await poll()
            return gate.snapshot == nil ? Self.firstPeriod : nil
        }
    }

    private func poll() async throws {
        let askedAt = Timestamps.monotonic()
        let known = gate.snapshot?.version
        let reply = try await client.call(
            AuthMethods.snapshot,
            body: ByteBuffer(bytes: try StrictJSON.encode(SnapshotRequest(knownVersion: known))),
            options: CallOptions(timeout: .seconds(2))
        )
        let answer = try reply.decode(SnapshotReply.self)
        if let snapshot = answer.snapshot {
            gate.install(snapshot, askedAt: askedAt)
        } else {
            gate.confirm(version: answer.version, askedAt: askedAt)
        }
    }
}
