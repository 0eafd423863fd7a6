internal import NIOCore
internal import Protocol

/// Requests that change something: each may carry an `Idempotency-Key`, and one of unknown outcome is
/// answered with how to find out.
extension EdgeCall {
    /// 1 to 255 visible ASCII characters (draft-ietf-httpapi-idempotency-key-header); nil where the
    /// request has none.
    func idempotencyKey() throws(RPCError) -> String? {
        guard let key = request.fields.idempotencyKey else { return nil }
        let isVisible = key.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        if isVisible, (1...255).contains(key.utf8.count) { return key }
        throw RPCError(
            .invalidArgument,
            reason: "invalid_key",
            message: "Idempotency-Key is 1 to 255 visible ASCII characters without spaces.",
            details: [
                RPCError.Detail(
                    field: "Idempotency-Key",
                    code: "malformed",
                    message: "Send a key of 1 to 255 visible ASCII characters, for example a UUID."
                )
            ]
        )
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
