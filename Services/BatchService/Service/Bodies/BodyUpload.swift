internal import Crypto
internal import NIOConcurrencyHelpers
internal import Protocol

/// One large body on its way to its file, hashed and written while its later pieces still arrive.
///
/// Bytes are written a megabyte at a time and synced every few, so that little is left to do once the
/// last piece is there. A body whose size nobody told is hashed as it comes and written when it is
/// whole. An upload that is dropped without `keep` gives its place back, whatever ended it.
package final class BodyUpload: Sendable {
    private static let pieceBytes = 1 << 20

    /// Touched on the files' queue only.
    private final class Progress: @unchecked Sendable {
        private var hasher: SHA256? = SHA256()
        private var unsynced = 0
        private var failure: (any Error)?

        func hash(_ bytes: UnsafeRawBufferPointer) { hasher?.update(bytes) }

        func write(
            _ bytes: UnsafeRawBufferPointer,
            to extent: BodyExtent,
            at offset: Int,
            _ files: BodyFiles
        ) {
            guard failure == nil else { return }
            do {
                try files.write(bytes, to: extent, at: offset)
                unsynced += bytes.count
                guard unsynced >= files.options.syncBytes else { return }
                unsynced = 0
                try files.sync(file: extent.file)
            } catch {
                failure = error
            }
        }

        /// The body's SHA-256, once it is durable.
        func finish(_ extent: BodyExtent, _ files: BodyFiles) throws -> [UInt8] {
            if let failure { throw failure }
            try files.sync(file: extent.file)
            guard let hasher = hasher.take() else { preconditionFailure("a body is finished once") }
            return hasher.finish()
        }
    }

    private let files: BodyFiles
    private let loan: ArenaPool.Loan
    /// The body's place where its size was told.
    private let promised: BodyExtent?
    private let state: NIOLockedValueBox<State>
    private let progress = Progress()

    private struct State {
        /// Bytes whose writing has been asked for.
        var scheduled = 0
        /// The place to give back when the upload is dropped.
        var unkept: BodyExtent?
    }

    /// Starts the upload of the body that grows in `loan`'s arena.
    package init(expectedBytes: Int?, of loan: ArenaPool.Loan, to files: BodyFiles) {
        self.files = files
        self.loan = loan
        promised = expectedBytes.map { files.allocate($0) }
        state = NIOLockedValueBox(State(unkept: promised))
    }

    deinit {
        guard let extent = state.withLockedValue({ $0.unkept }) else { return }
        // Behind every write to it that is still to be done.
        files.enqueue { [files] in files.release(extent) }
    }

    /// Tells that a row refers to the body, or may: its place is its own from now on.
    package func keep() { state.withLockedValue { $0.unkept = nil } }

    /// Tells that the arena has grown; schedules work where a whole piece is ready.
    package func advance() {
        let ready = min(loan.arena.count, promised?.count ?? .max)
        while let range = next(upTo: ready, atLeast: Self.pieceBytes) { schedule(range) }
    }

    /// Does what is left and returns when the body is durable.
    ///
    /// - Returns: where it lies and its SHA-256.
    /// - Throws: `BodyFileError.full` where the disk has no room; `length_mismatch` where the body is
    ///   not as long as was told.
    package func finish() async throws -> (extent: BodyExtent, digest: [UInt8]) {
        let count = loan.arena.count
        if let promised, promised.count != count {
            throw RPCError(
                .invalidArgument,
                reason: "length_mismatch",
                message: "The body has \(count) bytes; \(promised.count) were announced."
            )
        }
        while let range = next(upTo: count, atLeast: 1) { schedule(range) }
        let extent = promised ?? files.allocate(count)
        let isWritten = promised != nil
        state.withLockedValue { $0.unkept = extent }
        return try await files.onQueue { [files, loan, progress] in
            if !isWritten { progress.write(loan.arena.slice(0..<count), to: extent, at: 0, files) }
            return (extent, try progress.finish(extent, files))
        }
    }

    private func next(upTo ready: Int, atLeast: Int) -> Range<Int>? {
        state.withLockedValue { state in
            let start = state.scheduled
            let end = min(ready, start + Self.pieceBytes)
            guard end - start >= atLeast else { return nil }
            state.scheduled = end
            return start..<end
        }
    }

    private func schedule(_ range: Range<Int>) {
        files.enqueue { [files, loan, promised, progress] in
            let bytes = loan.arena.slice(range)
            progress.hash(bytes)
            guard let promised else { return }
            progress.write(bytes, to: promised, at: range.lowerBound, files)
        }
    }
}
