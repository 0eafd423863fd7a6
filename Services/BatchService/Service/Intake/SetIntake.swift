package import BatchRules
internal import Crypto
package import Identity
package import NIOCore
package import Protocol
internal import ServiceStore

/// One call that brings a posting set.
package struct Submission: Sendable {
    package var principal: Principal
    package var peer: String
    package var clientAddress: String
    package var requestID: String
    package var idempotencyKey: String?

    package init(
        principal: Principal,
        peer: String,
        clientAddress: String,
        requestID: String,
        idempotencyKey: String?
    ) {
        self.principal = principal
        self.peer = peer
        self.clientAddress = clientAddress
        self.requestID = requestID
        self.idempotencyKey = idempotencyKey
    }
}

/// What the submitter is told.
package struct Acceptance: Sendable, Equatable {
    package var taskID: String
    /// The key stood for this body already; nothing new was stored.
    package var replayed: Bool

    package init(taskID: String, replayed: Bool) {
        self.taskID = taskID
        self.replayed = replayed
    }
}

/// Takes posting sets in: receives, checks, stores, and only then answers.
///
/// Order: body durable, then key, set and task in one commit, then the answer; the task is handed to
/// the worker in memory. What is refused leaves no trace but an audit event.
package final class SetIntake: Sendable {
    /// What intake asks of its surroundings.
    package struct Environment: Sendable {
        /// Why nothing can be accepted now; nil where it can.
        package var obstacle: @Sendable () -> String?
        /// The commit policy of a source (contract D1).
        package var commitPolicy: @Sendable (_ sourceName: String) -> CommitPolicy
        package var now: @Sendable () -> Instant

        package init(
            obstacle: @escaping @Sendable () -> String?,
            commitPolicy: @escaping @Sendable (String) -> CommitPolicy,
            now: @escaping @Sendable () -> Instant
        ) {
            self.obstacle = obstacle
            self.commitPolicy = commitPolicy
            self.now = now
        }
    }

    let store: BatchStore
    let worker: PostingWorker
    let reception: BodyReception
    let readers: SetReaders
    let environment: Environment
    private let claims = KeyClaims()

    package init(
        store: BatchStore,
        worker: PostingWorker,
        reception: BodyReception,
        readers: SetReaders,
        environment: Environment
    ) {
        self.store = store
        self.worker = worker
        self.reception = reception
        self.readers = readers
        self.environment = environment
    }

    /// Accepts a set, or says why not.
    ///
    /// A retry with the same idempotency key and body is answered as the first call was; another body
    /// is refused with `idempotency_key_reused`. The answer about the key comes before every other.
    package func submit<Pieces: AsyncSequence & Sendable>(
        _ submission: Submission,
        _ pieces: Pieces,
        expectedBytes: Int?
    ) async throws -> Acceptance where Pieces.Element == ByteBuffer {
        if let obstacle = environment.obstacle() { throw RPCError.unavailable(obstacle) }
        let claim = try claim(submission)
        defer { withExtendedLifetime(claim) {} }
        let body = try await reception.receive(pieces, expectedBytes: expectedBytes)
        switch body {
        case .small(let buffer):
            let digest = buffer.withUnsafeReadableBytes { SHA256.digest($0) }
            let inspection = readers.inspect(body.held)
            switch try await check(inspection, submission, digest) {
            case .replay(let acceptance):
                return acceptance
            case .fresh(let summary):
                let set = newSet(submission, summary, digest, buffer.readableBytes, .row, buffer)
                return try await store(set, body.held, lane: .small)
            }
        case .large(_, let upload):
            return try await submitLarge(submission, body.held, upload)
        }
    }

    private func submitLarge(
        _ submission: Submission,
        _ body: HeldBody,
        _ upload: BodyUpload
    ) async throws -> Acceptance {
        // Reading is long work for the loop that the call came on.
        let readers = readers
        let inspecting = Task.detached { readers.inspect(body) }
        let (extent, digest) = try await durable(upload)
        switch try await check(await inspecting.value, submission, digest) {
        case .replay(let first):
            return first
        case .fresh(let summary):
            let set = newSet(submission, summary, digest, body.count, .file(extent), nil)
            do {
                let acceptance = try await store(set, body, lane: .large)
                if !acceptance.replayed { upload.keep() }
                return acceptance
            } catch let error as OutcomeUnknown {
                // The row may stand: then its body must stay where it is.
                upload.keep()
                throw error
            }
        }
    }

    private func claim(_ submission: Submission) throws -> KeyClaims.Claim? {
        guard let key = submission.idempotencyKey else { return nil }
        return try claims.claim(try IdempotencyKey(key), of: submission.principal.account)
    }

    private func newSet(
        _ submission: Submission,
        _ summary: SetSummary,
        _ digest: [UInt8],
        _ count: Int,
        _ place: BodyPlace,
        _ inline: ByteBuffer?
    ) -> NewSet {
        let principal = submission.principal
        return NewSet(
            taskID: TaskID.make(at: environment.now()),
            origin: SetOrigin(
                account: principal.account,
                keyID: principal.keyID,
                tokenID: principal.tokenID,
                peer: submission.peer,
                clientAddress: submission.clientAddress,
                requestID: submission.requestID
            ),
            idempotencyKey: submission.idempotencyKey,
            summary: summary,
            commitPolicy: environment.commitPolicy(summary.sourceName),
            digest: digest,
            bodyBytes: count,
            place: place,
            inlineBody: inline,
            submittedAt: environment.now()
        )
    }
}

/// The set names a source that is not the caller's (contract S1-8): forbidden, and audited by whoever
/// answers the caller.
package struct SourceNotApproved: Error, Sendable, Equatable {
    package let sourceName: String

    package init(sourceName: String) { self.sourceName = sourceName }
}

/// A write of which nobody knows whether it was done.
struct OutcomeUnknown: Error, CustomStringConvertible {
    let cause: any Error

    var description: String { "a set may be stored or not: \(cause)" }
}

/// Task ids: 24 hexadecimal characters like those of the seed, the first eight of them the second in
/// which the task was made, the rest random and not to be guessed.
package enum TaskID {
    package static func make(at now: Instant) -> String {
        let seconds = UInt32(truncatingIfNeeded: now.milliseconds / 1_000)
        let start = (0..<4).map { UInt8(truncatingIfNeeded: seconds >> (24 - 8 * $0)) }
        return Hexadecimal.encode(start + RandomBytes.make(8))
    }

    /// Whether a text has the form of a task id.
    package static func isWellFormed(_ text: String) -> Bool {
        text.utf8.count == 24
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
