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

/// How far posting-service has come with a set.
package struct SetProgress: Codable, Sendable, Equatable {
    package var setID: Int64
    package var total: Int
    package var done: Int
    package var failed: Int

    package init(setID: Int64, total: Int, done: Int, failed: Int) {
        self.setID = setID
        self.total = total
        self.done = done
        self.failed = failed
    }

    private enum CodingKeys: String, CodingKey {
        case setID = "set_id"
        case total, done, failed
    }
}

/// The newest that posting-service knows.
package struct PostingAnchor: Codable, Sendable, Equatable {
    package var storeID: String
    package var highestSetID: Int64

    package init(storeID: String, highestSetID: Int64) {
        self.storeID = storeID
        self.highestSetID = highestSetID
    }

    private enum CodingKeys: String, CodingKey {
        case storeID = "store_id"
        case highestSetID = "highest_set_id"
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
    func progress(of setIDs: [Int64]) async throws -> [SetProgress]
    func anchor() async throws -> PostingAnchor
}
