package import Protocol
package import Storage

extension Store {
    /// How often a change is tried that meets those of other writers.
    private static let attempts = 5

    /// Makes a change once: a key that is known is answered before any rule is looked at.
    ///
    /// `prepare` reads the request, and what it throws is thrown only where the key is new; `change`
    /// decides and writes, once, in the transaction that keeps the answer too.
    package func keyed<Prepared: Sendable>(
        _ request: RequestKey?,
        now: @Sendable () -> Int64,
        prepare: () async throws -> Prepared,
        change: @escaping @Sendable (Prepared, WriteTransaction) throws -> KeyedReply
    ) async throws -> KeyedReply {
        let prepared: Prepared
        do {
            prepared = try await prepare()
        } catch {
            if let known = try await answer(to: request) { return known }
            throw error
        }
        let now = now()
        return try await writeRepeatedly { transaction in
            if let known = try RequestKeys.answer(to: request, in: transaction) { return known }
            let reply = try change(prepared, transaction)
            try RequestKeys.keep(reply, for: request, at: now, in: transaction)
            return reply
        }
    }

    /// The answer to a key that is known; nil where it is new, and without a key.
    package func answer(to request: RequestKey?) async throws -> KeyedReply? {
        guard let request else { return nil }
        return try await read { try RequestKeys.answer(to: request, in: $0) }
    }

    /// Writes; a store that does not take the work is an answer to the caller (`RPCError`).
    ///
    /// Work that met another writer's change is done again, and then sees that change: a rule of the
    /// schema stands behind each rule that two writers could break together.
    package func writeRepeatedly<Value: Sendable>(
        _ work: @escaping @Sendable (WriteTransaction) throws -> Value
    ) async throws -> Value {
        for _ in 1..<Self.attempts {
            do {
                return try await writeAnswering(work)
            } catch StoreError.constraint {
                continue
            } catch let error as RPCError where error.reason == RPCError.changedMeanwhile {
                continue
            }
        }
        return try await writeAnswering(work)
    }

    private func writeAnswering<Value: Sendable>(
        _ work: @escaping @Sendable (WriteTransaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await write(work)
        } catch let error as StoreError {
            throw RPCError(error) ?? error
        }
    }
}

extension RPCError {
    /// What a caller is told of a store that did not take its work: nothing of it was kept.
    ///
    /// Nil where the error is none of the caller's: a broken rule of the schema, or a fault.
    package init?(_ error: StoreError) {
        switch error {
        case .full:
            self = .unavailable(
                "The store has no room. Nothing was changed; try again later.",
                retryAfterMilliseconds: 5_000
            )
        case .overloaded:
            self.init(
                .resourceExhausted,
                reason: "busy",
                message: "Too many changes wait. Nothing was changed; try again.",
                retryAfterMilliseconds: 500
            )
        case .closed:
            self = .unavailable("The service is shutting down. Nothing was changed; try again.")
        case .constraint, .inUse, .damaged, .schema, .inputOutput, .misuse:
            return nil
        }
    }

    /// The reason of `changed(_:)`.
    fileprivate static let changedMeanwhile = "changed_meanwhile"

    /// Another writer was faster; `writeRepeatedly` tries again.
    package static func changed(_ what: String) -> RPCError {
        RPCError(
            .aborted,
            reason: changedMeanwhile,
            message: "\(what) was changed by somebody else at this moment. Try again.",
            retryAfterMilliseconds: 100
        )
    }
}
