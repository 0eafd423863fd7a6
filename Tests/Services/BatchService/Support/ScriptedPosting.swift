import BatchService
import NIOConcurrencyHelpers
import NIOCore
import Protocol

/// A posting-service that does what it is told, wrong things included; what it "commits" is counted.
final class ScriptedPosting: PostingClient {
    enum Step: Sendable {
        case result(PostSetResult)
        /// The set is committed, the answer is lost.
        case loseReply(PostSetResult)
        case fail(RPCError)
        /// Waits until `release` is called, then goes on with what comes next.
        case hang
    }

    struct Call: Equatable, Sendable {
        let setID: Int64
        let attempt: Int
        let digest: String
        let body: String
    }

    private struct State {
        var script: [Step] = []
        var calls: [Call] = []
        var held: [Int64: PostSetResult] = [:]
        var commits: [Int64: Int] = [:]
        var withdrawn: Set<Int64> = []
        var waiting: [CheckedContinuation<Void, Never>] = []
        var progress: [SetCounts] = []
        var anchor = LedgerAnchor(storeID: "ledger", highestSetID: 0, entries: 0)
        var withdrawal: RPCError?
    }

    private let state = NIOLockedValueBox(State())

    static let lost = RPCError(
        .unavailable,
        reason: "connection_lost",
        message: "The connection broke.",
        processed: .maybe
    )

    /// What the next calls do, in order; beyond that every set is loaded whole.
    func script(_ steps: Step...) { state.withLockedValue { $0.script += steps } }
    func failWithdrawal(_ error: RPCError?) { state.withLockedValue { $0.withdrawal = error } }
    func set(progress: [SetCounts]) { state.withLockedValue { $0.progress = progress } }
    func set(anchor: LedgerAnchor) { state.withLockedValue { $0.anchor = anchor } }

    func release() {
        let waiting = state.withLockedValue { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiter in waiting { waiter.resume() }
    }

    var calls: [Call] { state.withLockedValue { $0.calls } }
    var commits: [Int64: Int] { state.withLockedValue { $0.commits } }
    var withdrawn: Set<Int64> { state.withLockedValue { $0.withdrawn } }
    var isWaiting: Bool { state.withLockedValue { !$0.waiting.isEmpty } }

    func post(_ parameters: PostSetParameters, body: HeldBody) async throws -> PostSetResult {
        let text = body.withBytes { String(decoding: $0, as: UTF8.self) }
        state.withLockedValue {
            $0.calls.append(
                Call(
                    setID: parameters.setID,
                    attempt: parameters.attempt,
                    digest: parameters.digest,
                    body: text
                )
            )
        }
        return try await answer(
            parameters.setID,
            count: text.split(separator: "amount\":").count - 2
        )
    }

    private func answer(_ setID: Int64, count: Int) async throws -> PostSetResult {
        let (held, step) = state.withLockedValue { state in
            (state.held[setID], state.script.isEmpty ? nil : state.script.removeFirst())
        }
        if let held { return held }
        switch step {
        case .result(let result):
            commit(setID, result)
            return result
        case .loseReply(let result):
            commit(setID, result)
            throw Self.lost
        case .fail(let error):
            throw error
        case .hang:
            await withCheckedContinuation { continuation in
                state.withLockedValue { $0.waiting.append(continuation) }
            }
            return try await answer(setID, count: count)
        case nil:
            let result = PostSetResult(transactionsLoaded: count, failures: [])
            commit(setID, result)
            return result
        }
    }

    private func commit(_ setID: Int64, _ result: PostSetResult) {
        state.withLockedValue { state in
            state.held[setID] = result
            state.commits[setID, default: 0] += 1
        }
    }

    func withdraw(setID: Int64, digest: String) async throws -> PostSetResult? {
        try state.withLockedValue { state in
            if let error = state.withdrawal { throw error }
            if let held = state.held[setID] { return held }
            state.withdrawn.insert(setID)
            return nil
        }
    }

    func progress(of setIDs: [Int64]) async throws -> [SetCounts] {
        state.withLockedValue { state in state.progress.filter { setIDs.contains($0.setID) } }
    }

    func anchor() async throws -> LedgerAnchor { state.withLockedValue { $0.anchor } }
}
