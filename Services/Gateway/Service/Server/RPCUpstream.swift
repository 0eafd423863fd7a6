internal import NIOCore
internal import Protocol
internal import Transport

/// A service over the system's own protocol, on the event loop of the connections that it serves.
///
/// A service that cannot be reached is an error at once: the client is told when to try again, and
/// nothing piles up here meanwhile.
struct RPCUpstream: Upstream {
    let client: RPCClient

    func call(_ call: UpstreamCall) async throws -> UpstreamReply {
        let reply = try await client.call(
            call.method,
            body: call.body,
            options: call.options
        )
        return UpstreamReply(body: reply.body, metadata: reply.metadata)
    }

    func upload(
        _ call: UpstreamCall,
        body: any AsyncSequence<ByteBuffer, any Error> & Sendable,
        expectedBytes: Int?
    ) async throws -> UpstreamReply {
        let reply = try await client.open(
            call.method,
            bodyStream: body,
            expectedBytes: expectedBytes,
            options: call.options
        )
        return UpstreamReply(body: reply.body, metadata: reply.metadata)
    }

    func download(_ call: UpstreamCall) async throws -> UpstreamDownload {
        let reply = try await client.stream(
            call.method,
            body: call.body,
            options: call.options
        )
        return UpstreamDownload(metadata: reply.metadata, pieces: reply)
    }
}

extension UpstreamCall {
    /// A service that cannot be reached is told to the client at once, who may try again.
    fileprivate var options: CallOptions {
        CallOptions(
            token: token,
            idempotencyKey: idempotencyKey,
            requestID: requestID,
            clientAddress: clientAddress,
            timeout: timeout,
            failsFast: true
        )
    }
}
