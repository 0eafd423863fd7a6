internal import NIOCore
internal import Protocol

/// Requests that change something: each may carry an `Idempotency-Key`, and one of unknown outcome is
/// answered with how to find out.
extension EdgeCall {
    /// Nil where the request has none.
    ///
    /// - Throws: `invalid_key`.
    func idempotencyKey() throws(RPCError) -> String? {
        guard let key = request.fields.idempotencyKey else { return nil }
        return try IdempotencyKey(key).text
    }

    /// Does `send`; an error of it tells how to repeat the request.
    func submitting(
        _ lookup: ErrorMapping.Lookup,
        _ send: () async throws -> UpstreamReply
    ) async throws -> UpstreamReply {
        do {
            return try await send()
        } catch let error as RPCError {
            let hasKey = request.fields.idempotencyKey != nil
            throw SubmissionFailure(
                cause: error,
                retrying: hasKey ? .withKey : .withoutKey(lookup)
            )
        }
    }

    /// Calls a method with the request's key.
    func submit(
        _ method: MethodDescriptor,
        _ body: ByteBuffer,
        to upstream: any Upstream,
        _ lookup: ErrorMapping.Lookup
    ) async throws -> UpstreamReply {
        var change = UpstreamCall(method, body: body, for: self)
        change.idempotencyKey = try idempotencyKey()
        return try await submitting(lookup) { try await upstream.call(change) }
    }
}
