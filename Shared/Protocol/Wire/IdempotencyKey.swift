/// The name that a caller gives a change, so that sending it again has no second effect (contract
/// A2-15; draft-ietf-httpapi-idempotency-key-header-07): 1 to 255 visible ASCII characters, without
/// spaces.
///
/// A key stands for one request of one account, for ever: the same request is answered as it was
/// the first time, another one is refused with `idempotency_key_reused`.
package struct IdempotencyKey: Sendable, Hashable {
    package static let maximumBytes = 255

    package let text: String

    /// - Throws: `invalid_key` for a text of another form.
    package init(_ text: String) throws(RPCError) {
        let isVisible = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isVisible, (1...Self.maximumBytes).contains(text.utf8.count) else {
            throw Self.malformed
        }
        self.text = text
    }

    /// Judges a request under a key that is known, by the digests of the first one and this one.
    ///
    /// - Throws: `idempotency_key_reused` where they differ; else the first answer is to be repeated.
    package static func requireSame(_ first: [UInt8], _ second: [UInt8]) throws(RPCError) {
        guard first == second else { throw reused }
    }
}

extension IdempotencyKey {
    private static let malformed = fault(
        .invalidArgument,
        "invalid_key",
        "Idempotency-Key is 1 to \(maximumBytes) visible ASCII characters without spaces.",
        code: "malformed",
        "Send a key of 1 to \(maximumBytes) visible ASCII characters, for example a UUID."
    )

    private static let reused = fault(
        .failedPrecondition,
        "idempotency_key_reused",
        "This idempotency key was used with another request.",
        code: "reused",
        "It stands for another request: send this one with a new key."
    )

    private static func fault(
        _ status: RPCStatus,
        _ reason: String,
        _ message: String,
        code: String,
        _ remedy: String
    ) -> RPCError {
        RPCError(
            status,
            reason: reason,
            message: message,
            details: [.init(field: "Idempotency-Key", code: code, message: remedy)]
        )
    }
}
