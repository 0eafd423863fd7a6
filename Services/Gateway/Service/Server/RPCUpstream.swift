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
            token: call.token,
            idempotencyKey: call.idempotencyKey,
            requestID: call.requestID,
            clientAddress: call.clientAddress,
            timeout: call.timeout,
            failFast: true
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
            token: call.token,
            idempotencyKey: call.idempotencyKey,
            requestID: call.requestID,
            clientAddress: call.clientAddress,
            timeout: call.timeout,
            failFast: true,
            bodyStream: body,
            expectedBytes: expectedBytes
        )
        return UpstreamReply(body: reply.body, metadata: reply.metadata)
    }

    func download(_ call: UpstreamCall) async throws -> UpstreamDownload {
        let reply = try await client.stream(
            call.method,
            body: call.body,
            token: call.token,
            idempotencyKey: call.idempotencyKey,
            requestID: call.requestID,
            clientAddress: call.clientAddress,
            timeout: call.timeout,
            failFast: true
        )
        return UpstreamDownload(metadata: reply.metadata, pieces: reply)
    }
}
