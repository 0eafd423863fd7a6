import LedgerRules
package import NIOCore
import PostingSets
package import Protocol
import ServiceStore
package import Storage

/// The ledger: accounts, codes, entries, balances and the general ledger, over one store.
///
/// Posting and imports run one after another on the store's writer; reads see committed snapshots.
/// Usable without any RPC.
package final class Ledger: Sendable {
    package struct Options: Sendable {
        /// GL account of the receivable control account.
        package var receivableAccount = "1200"
        /// GL account of the cash of payments that name no other.
        package var cashAccount = "1000"
        /// Largest set in bytes.
        package var maximumSetBytes = 64 << 20
        /// Sizes of the duplicate index; tests shrink them.
        var duplicateLimits = DuplicateIndex.Limits()

        package init() {}
    }

    package let store: Store
    package let options: Options
    /// For the pages of cards.
    let continuations: ContinuationKeys
    private let writer: WriterState

    private init(store: Store, options: Options, writer: WriterState) {
        self.store = store
        self.options = options
        continuations = ContinuationKeys(store)
        self.writer = writer
    }

    /// Opens or makes the ledger at a path: reads balances and codes, rebuilds the duplicate index.
    ///
    /// Takes about 0.1 s a million entries held.
    ///
    /// - Throws: `StoreError`, or `LedgerFault` where the store contradicts itself: then nothing may
    ///   be posted until a person has looked at it.
    package static func open(path: String, options: Options = Options()) async throws -> Ledger {
        let writer = WriterState(options)
        var storeOptions = StoreOptions()
        storeOptions.onLostWork = { writer.forgetBooks() }
        let store = try Store.open(
            engine: .sqlite(path: path, options: LedgerSchema.options),
            migrations: LedgerSchema.migrations,
            options: storeOptions
        )
        do {
            let ledger = Ledger(store: store, options: options, writer: writer)
            try await ledger.write { _, books in ledger.maintainIfNeeded(books) }
            return ledger
        } catch {
            await store.close()
            throw error
        }
    }

    /// Finishes what waits and closes the store.
    package func close() async { await store.close() }

    /// Runs a closure on the writer with the books at hand.
    package func write<R: Sendable>(
        _ work: @escaping @Sendable (WriteTransaction, Books) throws -> R
    ) async throws -> R {
        let writer = writer
        return try await store.write { try work($0, writer.books(in: $0)) }
    }

    /// Asks the store for maintenance slices while the duplicate index has work.
    func maintainIfNeeded(_ books: Books) {
        guard !writer.isMaintaining, books.duplicates.needsMaintenance else { return }
        let writer = writer
        writer.isMaintaining = true
        store.maintain { transaction in
            // After lost work the next set reads the books again and asks anew.
            let more = try writer.heldBooks?.duplicates.maintain(in: transaction) ?? false
            writer.isMaintaining = more
            return more
        }
    }
}

// MARK: Posting

extension Ledger {
    /// Posts a set once: the same set id again gives the first result of a COMMIT, byte for byte.
    ///
    /// A TRIAL runs the same statements and leaves no trace, its set id included. The digest binds a
    /// set id to its body; it is batch-service's, made while the body was stored, and is not computed
    /// again here.
    ///
    /// `body` is the set as the source system sent it; `sourceIsKnown` says whether a source of that
    /// name is approved (contract A1-2). Gives the JSON of a `PostSetResult`; throws `RPCError` where
    /// the body is no set, or where the id is used with another digest.
    package func post(
        _ parameters: PostSetParameters,
        body: ByteBuffer,
        progress: SetProgress? = nil,
        sourceIsKnown: @escaping @Sendable (String) -> Bool = { _ in true }
    ) async throws -> [UInt8] {
        let digest = try SetDigest.bytes(parameters.digest)
        return try await write { transaction, books in
            if let result = try SetPosting.heldResult(parameters.setID, digest, in: transaction) {
                return result
            }
            let workspace = self.writer.workspace
            workspace.clear()
            guard workspace.append(body) else {
                throw workspace.tooLarge
            }
            let outcome = workspace.read()
            let posting = SetPosting(
                parameters: parameters,
                digest: digest,
                progress: progress,
                sourceIsKnown: sourceIsKnown
            )
            let result = try posting.post(outcome, books, in: transaction)
            self.maintainIfNeeded(books)
            return result
        }
    }

    /// As `post(_:body:)`, for a set that was collected and read in a workspace of its own, so that
    /// the writer is busy with writing only.
    package func post(
        _ parameters: PostSetParameters,
        read set: ReadSet,
        progress: SetProgress? = nil,
        sourceIsKnown: @escaping @Sendable (String) -> Bool = { _ in true }
    ) async throws -> [UInt8] {
        let digest = try SetDigest.bytes(parameters.digest)
        return try await write { transaction, books in
            if let result = try SetPosting.heldResult(parameters.setID, digest, in: transaction) {
                return result
            }
            let posting = SetPosting(
                parameters: parameters,
                digest: digest,
                progress: progress,
                sourceIsKnown: sourceIsKnown
            )
            let result = try posting.post(set.outcome, books, in: transaction)
            self.maintainIfNeeded(books)
            return result
        }
    }
}

/// What a workspace has read; whoever holds it leaves the workspace alone until it is posted.
package struct ReadSet: @unchecked Sendable {
    let outcome: ReadOutcome

    package init(_ workspace: SetWorkspace) { outcome = workspace.read() }
}
