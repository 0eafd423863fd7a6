/// A caller's work on its way through the writer: run once, answered once.
class PendingWrite: @unchecked Sendable {
    /// Runs the caller's closure; false where its work must be undone.
    func run(in transaction: WriteTransaction) throws -> Bool { true }

    /// Answers the caller: with what its closure gave, or with the error that ended it.
    func finish(_ error: (any Error)?) {}
}

/// Owned by one thread at a time: the caller's until it is queued, then the writer's.
final class TypedPendingWrite<Value: Sendable>: PendingWrite, @unchecked Sendable {
    private let work: @Sendable (WriteTransaction) throws -> Value
    private let continuation: CheckedContinuation<Value, any Error>
    private var value: Value?

    init(
        _ work: @escaping @Sendable (WriteTransaction) throws -> Value,
        _ continuation: CheckedContinuation<Value, any Error>
    ) {
        self.work = work
        self.continuation = continuation
    }

    override func run(in transaction: WriteTransaction) throws -> Bool {
        value = try work(transaction)
        return !transaction.isRolledBackOnReturn
    }

    override func finish(_ error: (any Error)?) {
        if let error {
            continuation.resume(throwing: error)
        } else if let value {
            continuation.resume(returning: value)
        } else {
            continuation.resume(throwing: StoreError.closed)
        }
    }
}
