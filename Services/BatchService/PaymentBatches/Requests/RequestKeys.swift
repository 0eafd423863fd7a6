internal import BatchRules
internal import NIOCore
package import Protocol
package import Storage
package import Transport

/// The answer to a change, as it is kept with the request's key.
package struct KeyedReply: Sendable, Equatable {
    package var body: [UInt8]
    package var metadata: [String: MetadataValue]
    /// The key stood for this very request; nothing was changed now.
    package var isReplay: Bool
    /// A payment that the ledger has still to be told of: not kept.
    package var newPaymentID: Int64?

    package init(
        body: [UInt8],
        metadata: [String: MetadataValue] = [:],
        isReplay: Bool = false,
        newPaymentID: Int64? = nil
    ) {
        self.body = body
        self.metadata = metadata
        self.isReplay = isReplay
        self.newPaymentID = newPaymentID
    }

    package var outgoing: OutgoingReply {
        var metadata = metadata
        if isReplay { metadata["replayed"] = .boolean(true) }
        return OutgoingReply(body: ByteBuffer(bytes: body), metadata: metadata)
    }
}

/// Answers by idempotency key, in the store that holds the change: one effect, and the same answer to
/// whoever asks again (faults T-01, T-02).
package enum RequestKeys {
    /// The answer that the key stands for; nil where it is new.
    ///
    /// Throws `idempotency_key_reused` where it stands for another request.
    package static func answer(
        to caller: PaymentCaller,
        in transaction: ReadTransaction
    ) throws -> KeyedReply? {
        guard let request = caller.key else { return nil }
        let row = try transaction.statement(
            """
            SELECT digest, reply, metadata FROM request_key
            WHERE account = ?1 AND idempotency_key = ?2
            """
        )
        defer { row.reset() }
        row.bind(1, caller.account)
        row.bind(2, request.key)
        guard try row.step() else { return nil }
        switch IdempotencyRules.judge(first: Array(row.blob(0)), second: request.digest) {
        case .reused:
            throw RPCError(
                .failedPrecondition,
                reason: "idempotency_key_reused",
                message: "This idempotency key was used with another request.",
                details: [
                    RPCError.Detail(
                        field: "Idempotency-Key",
                        code: "reused",
                        message: "It stands for another request: send this one with a new key."
                    )
                ]
            )
        case .replay:
            return KeyedReply(
                body: Array(row.blob(1)),
                metadata: try ReplyDocument.read(row.text(2)),
                isReplay: true
            )
        }
    }

    /// Keeps the answer in the transaction of its change.
    package static func keep(
        _ reply: KeyedReply,
        for caller: PaymentCaller,
        at milliseconds: Int64,
        in transaction: WriteTransaction
    ) throws {
        guard let request = caller.key else { return }
        let row = try transaction.statement(
            """
            INSERT INTO request_key(account, idempotency_key, method, digest, reply, metadata, at)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """
        )
        defer { row.reset() }
        var metadata: [UInt8] = []
        ReplyDocument.append(reply.metadata, to: &metadata)
        row.bind(1, caller.account)
        row.bind(2, request.key)
        row.bind(3, request.method)
        row.bind(4, blob: request.digest)
        row.bind(5, blob: reply.body)
        row.bind(6, String(decoding: metadata, as: UTF8.self))
        row.bind(7, milliseconds)
        _ = try row.step()
    }
}

extension PaymentParts {
    /// Makes a change once: a key that is known is answered before any rule is looked at.
    ///
    /// `prepare` reads the request, and what it throws is thrown only where the key is new; `change`
    /// decides and writes, once, in the transaction that keeps the answer too.
    package func keyed<Prepared: Sendable>(
        _ caller: PaymentCaller,
        prepare: () async throws -> Prepared,
        change: @escaping @Sendable (Prepared, WriteTransaction) throws -> KeyedReply
    ) async throws -> KeyedReply {
        let prepared: Prepared
        do {
            prepared = try await prepare()
        } catch {
            if caller.key != nil, let known = try await known(caller) { return known }
            throw error
        }
        let now = environment.now()
        return try await write { transaction in
            if let known = try RequestKeys.answer(to: caller, in: transaction) { return known }
            let reply = try change(prepared, transaction)
            try RequestKeys.keep(reply, for: caller, at: now, in: transaction)
            return reply
        }
    }

    /// The answer to a key that is known; nil where it is new.
    func known(_ caller: PaymentCaller) async throws -> KeyedReply? {
        try await store.read { try RequestKeys.answer(to: caller, in: $0) }
    }

    /// Writes; a store that has no room or too much to do is an answer to the caller.
    ///
    /// Work that met another writer's change is done again, and then sees that change: a rule of the
    /// schema stands behind each rule that two writers could break together.
    package func write<Value: Sendable>(
        _ work: @escaping @Sendable (WriteTransaction) throws -> Value
    ) async throws -> Value {
        for _ in 1..<PaymentLimits.attempts {
            do {
                return try await writeOnce(work)
            } catch StoreError.constraint {
                continue
            } catch let error as RPCError where error.reason == PaymentLimits.changedMeanwhile {
                continue
            }
        }
        return try await writeOnce(work)
    }

    private func writeOnce<Value: Sendable>(
        _ work: @escaping @Sendable (WriteTransaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await store.write(work)
        } catch StoreError.full {
            throw RPCError.unavailable(
                "The store has no room. Nothing was changed; try again later.",
                retryAfterMilliseconds: 5_000
            )
        } catch StoreError.overloaded {
            throw RPCError(
                .resourceExhausted,
                reason: "busy",
                message: "Too many changes wait. Nothing was changed; try again.",
                retryAfterMilliseconds: 500
            )
        }
    }
}

/// Bounds of what payments do.
enum PaymentLimits {
    /// How often a change is tried that meets those of other writers.
    static let attempts = 5
    /// Payments of one deletion.
    static let deletedPayments = 100_000
    /// Batches that the selection of a deletion may mean, posted ones among them.
    static let selectedBatches = 20_000
    /// Changes of a batch that its history shows, the newest ones.
    static let historyRows = 1_000

    /// The reason of an error that says so.
    static let changedMeanwhile = "changed_meanwhile"

    /// Another writer was faster.
    static func changed(_ what: String) -> RPCError {
        RPCError(
            .aborted,
            reason: changedMeanwhile,
            message: "\(what) was changed by somebody else at this moment. Try again.",
            retryAfterMilliseconds: 100
        )
    }
}
