import GatewayService
import NIOConcurrencyHelpers
import NIOCore
import Protocol

/// A service that answers from a closure and remembers what it was asked.
final class ScriptedUpstream: Upstream {
    struct Seen: Sendable {
        let method: String
        let body: String
        let token: String?
        let key: String?
        let requestID: String
        let isUpload: Bool
    }

    let seen = NIOLockedValueBox<[Seen]>([])
    let answer: @Sendable (String) throws -> UpstreamReply

    init(_ answer: @escaping @Sendable (String) throws -> UpstreamReply) { self.answer = answer }

    func call(_ call: UpstreamCall) async throws -> UpstreamReply {
        note(call, body: String(buffer: call.body), isUpload: false)
        return try answer(call.method.name)
    }

    func upload(
        _ call: UpstreamCall,
        body: any AsyncSequence<ByteBuffer, any Error> & Sendable,
        expectedBytes: Int?
    ) async throws -> UpstreamReply {
        var whole = ByteBuffer()
        do {
            for try await piece in body { whole.writeImmutableBuffer(piece) }
        } catch {
            throw RPCError(.cancelled, reason: "upload_failed", message: "broke off")
        }
        note(call, body: String(buffer: whole), isUpload: true)
        return try answer(call.method.name)
    }

    func download(_ call: UpstreamCall) async throws -> UpstreamDownload {
        note(call, body: String(buffer: call.body), isUpload: false)
        let reply = try answer(call.method.name)
        let stream = AsyncThrowingStream<ByteBuffer, any Error> { continuation in
            continuation.yield(reply.body)
            continuation.finish()
        }
        return UpstreamDownload(metadata: reply.metadata, pieces: stream)
    }

    private func note(_ call: UpstreamCall, body: String, isUpload: Bool) {
        let seen = Seen(
            method: call.method.name,
            body: body,
            token: call.token,
            key: call.idempotencyKey,
            requestID: call.requestID,
            isUpload: isUpload
        )
        self.seen.withLockedValue { $0.append(seen) }
    }
}
