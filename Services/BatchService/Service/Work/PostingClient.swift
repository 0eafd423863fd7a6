package import NIOCore
package import Protocol

/// A body in memory, for as long as somebody holds it.
package enum HeldBody: Sendable {
    case small(ByteBuffer)
    case large(ArenaPool.Loan)

    package var count: Int {
        switch self {
        case .small(let buffer): buffer.readableBytes
        case .large(let loan): loan.arena.count
        }
    }

    /// The bytes, with nothing promised behind them.
    package func withBytes<R>(_ use: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        switch self {
        case .small(let buffer): try buffer.withUnsafeReadableBytes(use)
        case .large(let loan): try use(loan.arena.bytes)
        }
    }
}

/// What batch-service asks of posting-service.
///
/// Every call may be made again: a set has one result.
package protocol PostingClient: Sendable {
    /// Posts a set, or gives the result that it has had.
    func post(_ parameters: PostSetParameters, body: HeldBody) async throws -> PostSetResult
    /// Has a set refused for ever; nil where that is done, its result where it was posted before.
    func withdraw(setID: Int64, digest: String) async throws -> PostSetResult?
    func progress(of setIDs: [Int64]) async throws -> [SetCounts]
    func anchor() async throws -> LedgerAnchor
}
