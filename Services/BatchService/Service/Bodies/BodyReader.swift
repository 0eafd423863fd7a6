internal import Crypto
package import Logging
internal import NIOCore
internal import Protocol

/// Reads stored bodies, and gives none that is not what was stored (fault D-06).
package final class BodyReader: Sendable {
    /// The reason word of a body that fails its checksum.
    package static let damagedReason = "damaged_record"

    private let files: BodyFiles
    private let arenas: ArenaPool
    private let logger: Logger

    package init(files: BodyFiles, arenas: ArenaPool, logger: Logger) {
        self.files = files
        self.arenas = arenas
        self.logger = logger
    }

    /// The body in memory, its checksum compared.
    ///
    /// - Throws: `damaged_record` where it is not what was stored, and that is final. Whatever else
    ///   stands in the way may pass: a file that cannot be opened or read now is `unavailable`, and
    ///   `busy` is every arena in use.
    package func load(_ body: StoredBody) async throws -> HeldBody {
        guard case .file(let extent) = body.place else { return try loadInline(body) }
        guard let loan = await arenas.borrow() else {
            throw RPCError(
                .resourceExhausted,
                reason: "busy",
                message: "Too many large sets are being read. Try again.",
                retryAfterMilliseconds: 1_000
            )
        }
        // Reading and hashing 20 MB takes 15 ms: too long for an event loop.
        return try await Task.detached {
            try self.read(extent, into: loan.arena, of: body)
            return try Self.checked(.large(loan), body)
        }.value
    }

    /// The body of a set that is kept in its row.
    func loadInline(_ body: StoredBody) throws -> HeldBody {
        try Self.checked(.small(ByteBuffer(bytes: body.inline)), body)
    }

    private static func checked(_ held: HeldBody, _ body: StoredBody) throws -> HeldBody {
        guard held.count == body.count, held.withBytes({ SHA256.digest($0) }) == body.digest
        else { throw damaged(body.setID) }
        return held
    }

    private func read(_ extent: BodyExtent, into arena: BodyArena, of body: StoredBody) throws {
        do {
            try arena.fill(extent.count) { try files.read(extent, into: $0) }
        } catch BodyFileError.truncated {
            throw Self.damaged(body.setID)
        } catch {
            logger.error(
                "a stored body cannot be read at the moment",
                metadata: ["set": "\(body.setID)", "error": "\(error)"]
            )
            throw RPCError.unavailable(
                "The stored body of set \(body.setID) cannot be read at the moment. Try again."
            )
        }
    }

    static func damaged(_ setID: Int64) -> RPCError {
        RPCError(
            .dataLoss,
            reason: damagedReason,
            message: "The stored body of set \(setID) is damaged and is not used."
        )
    }
}
