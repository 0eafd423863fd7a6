internal import Logging
internal import NIOCore
internal import Protocol
internal import Transport

/// Asks auth-service for its snapshot, every second.
struct SnapshotPoller: Sendable {
    private static let period = Duration.seconds(1)
    /// Between attempts while there is no snapshot yet, so that a cold start is quick.
    private static let firstPeriod = Duration.milliseconds(200)

    let gate: AccessGate
    let client: RPCClient
    let logger: Logger

    /// Polls until the task is cancelled.
    func run() async {
        var isWell = true
        while !Task.isCancelled {
            let failure = await poll()
            if let failure, isWell {
                logger.warning(
                    "the access snapshot cannot be refreshed",
                    metadata: ["cause": "\(failure)"]
                )
            } else if failure == nil, !isWell {
                logger.notice("the access snapshot is fresh again")
            }
            isWell = failure == nil
            let pause = gate.snapshot == nil ? Self.firstPeriod : Self.period
            do { try await Task.sleep(for: pause) } catch { return }
        }
    }

    /// One question; what went wrong, or nil.
    private func poll() async -> (any Error)? {
        let askedAt = Timestamps.monotonic()
        do {
            let known = gate.snapshot?.version
            let reply = try await client.call(
                AuthMethods.snapshot,
                body: ByteBuffer(
                    bytes: try StrictJSON.encode(SnapshotRequest(knownVersion: known))
                ),
                options: CallOptions(timeout: .seconds(2))
            )
            let answer = try reply.decode(SnapshotReply.self)
            if let snapshot = answer.snapshot {
                gate.install(snapshot, askedAt: askedAt)
            } else {
                gate.confirm(version: answer.version, askedAt: askedAt)
            }
            return nil
        } catch {
            return error
        }
    }
}
