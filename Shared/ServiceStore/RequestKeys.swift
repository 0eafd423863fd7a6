internal import Crypto
package import NIOCore
package import Protocol
package import Storage
package import Transport

/// A change that its caller has named, with the digest of what it asks for (contract 1.8).
package struct RequestKey: Sendable, Equatable {
    /// The account whose key it is.
    package var account: String
    package var key: IdempotencyKey
    package var method: String
    /// SHA-256 of the method's name, the separator and the body.
    package var digest: [UInt8]

    package init(account: String, key: IdempotencyKey, method: String, digest: [UInt8]) {
        self.account = account
        self.key = key
        self.method = method
        self.digest = digest
    }

    /// Nil where the caller named no key: then each call counts.
    ///
    /// The separator is part of what a store keeps: one that has digests keeps its own.
    ///
    /// - Throws: `invalid_key`.
    package init?(
        _ text: String?,
        of account: String,
        method: String,
        body: ByteBuffer,
        separator: UInt8 = 0
    ) throws(RPCError) {
        guard let text else { return nil }
        var hash = SHA256()
        (Array(method.utf8) + [separator]).withUnsafeBytes { hash.update($0) }
        body.withUnsafeReadableBytes { hash.update($0) }
        self.init(
            account: account,
            key: try IdempotencyKey(text),
            method: method,
            digest: hash.finish()
        )
    }
}

/// The answer to a change, as it is kept with the request's key.
package struct KeyedReply: Sendable, Equatable {
    package var body: [UInt8]
    /// What stands beside the body, for example the HTTP status that goes with it.
    package var metadata: [String: MetadataValue]
    /// The key stood for this very request; nothing was changed now.
    package var isReplay: Bool
    /// What the change made and another service has still to be told of: not kept.
    package var undelivered: Int64?

    package init(
        body: [UInt8],
        metadata: [String: MetadataValue] = [:],
        isReplay: Bool = false,
        undelivered: Int64? = nil
    ) {
        self.body = body
        self.metadata = metadata
        self.isReplay = isReplay
        self.undelivered = undelivered
    }

    package var outgoing: OutgoingReply {
        var metadata = metadata
        if isReplay { metadata["replayed"] = .boolean(true) }
        return OutgoingReply(body: ByteBuffer(bytes: body), metadata: metadata)
    }
}

/// Answers by idempotency key, in the store that holds the change: one effect, and the same answer to
/// whoever asks again (faults T-01, T-02).
///
/// They are kept for ever (design 1.8). A request without a key has no answer and keeps none.
package enum RequestKeys {
    /// Part of a migration of the store.
    package static let table = """
        CREATE TABLE request_key(
            account TEXT NOT NULL,
            idempotency_key TEXT NOT NULL,
            method TEXT NOT NULL,
            digest BLOB NOT NULL,
            reply BLOB NOT NULL,
            metadata TEXT NOT NULL,
            at BIGINT NOT NULL,
            PRIMARY KEY (account, idempotency_key)
        );
        """

    /// The answer that the key stands for; nil where it is new.
    ///
    /// - Throws: `idempotency_key_reused` where it stands for another request.
    package static func answer(
        to request: RequestKey?,
        in transaction: ReadTransaction
    ) throws -> KeyedReply? {
        guard let request else { return nil }
        let row = try transaction.statement(
            """
            SELECT digest, reply, metadata FROM request_key
            WHERE account = ?1 AND idempotency_key = ?2
            """
        )
        defer { row.reset() }
        row.bind(1, request.account)
        row.bind(2, request.key.text)
        guard try row.step() else { return nil }
        try IdempotencyKey.requireSame(Array(row.blob(0)), request.digest)
        return KeyedReply(
            body: Array(row.blob(1)),
            metadata: try ReplyDocument.read(row.text(2)),
            isReplay: true
        )
    }

    /// Keeps the answer in the transaction of its change.
    package static func keep(
        _ reply: KeyedReply,
        for request: RequestKey?,
        at milliseconds: Int64,
        in transaction: WriteTransaction
    ) throws {
        guard let request else { return }
        let row = try transaction.statement(
            """
            INSERT INTO request_key(account, idempotency_key, method, digest, reply, metadata, at)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """
        )
        defer { row.reset() }
        var metadata: [UInt8] = []
        ReplyDocument.append(reply.metadata, to: &metadata)
        row.bind(1, request.account)
        row.bind(2, request.key.text)
        row.bind(3, request.method)
        row.bind(4, blob: request.digest)
        row.bind(5, blob: reply.body)
        row.bind(6, String(decoding: metadata, as: UTF8.self))
        row.bind(7, milliseconds)
        _ = try row.step()
    }
}
