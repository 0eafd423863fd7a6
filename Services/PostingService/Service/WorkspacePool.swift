import Bookkeeping
import NIOConcurrencyHelpers

/// A few workspaces for large sets; who finds none free waits in order.
///
/// While a caller waits, the pieces of its set are not taken, so that its sender waits too: memory
/// stays bounded however many large sets come at once.
final class WorkspacePool: Sendable {
    private struct State {
        var free: [SetWorkspace]
        var waiting: [(id: Int, continuation: CheckedContinuation<SetWorkspace, any Error>)] = []
        var cancelled: Set<Int> = []
        var nextID = 0
    }

    private let state: NIOLockedValueBox<State>

    init(count: Int, maximumBytes: Int) {
        state = NIOLockedValueBox(
            State(free: (0..<count).map { _ in SetWorkspace(maximumBytes: maximumBytes) })
        )
    }

    /// A workspace, for `give(back:)` later; throws `CancellationError` when the call ends first.
    func take() async throws -> SetWorkspace {
        let id = state.withLockedValue { state in
            state.nextID += 1
            return state.nextID
        }
        defer { state.withLockedValue { _ = $0.cancelled.remove(id) } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<SetWorkspace, any Error>? = state.withLockedValue { state in
                    if state.cancelled.contains(id) { return .failure(CancellationError()) }
                    if let workspace = state.free.popLast() { return .success(workspace) }
                    state.waiting.append((id, continuation))
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            cancel(id)
        }
    }

    /// How many callers wait.
    var waitingCount: Int { state.withLockedValue { $0.waiting.count } }

    private func cancel(_ id: Int) {
        let waiting = state.withLockedValue { state in
            guard let place = state.waiting.firstIndex(where: { $0.id == id }) else {
                state.cancelled.insert(id)
                return nil as CheckedContinuation<SetWorkspace, any Error>?
            }
            return state.waiting.remove(at: place).continuation
        }
        waiting?.resume(throwing: CancellationError())
    }

    func give(back workspace: SetWorkspace) {
        let next = state.withLockedValue { state in
            guard !state.waiting.isEmpty else {
                state.free.append(workspace)
                return nil as CheckedContinuation<SetWorkspace, any Error>?
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume(returning: workspace)
    }
}
