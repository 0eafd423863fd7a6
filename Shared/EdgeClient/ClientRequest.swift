internal import NIOConcurrencyHelpers

/// The head of a request, as the caller gave it.
struct ClientRequest: Sendable {
    let method: String
    let path: String
    let authority: String
    let headers: [(String, String)]

    init(_ method: String, _ path: String, authority: String, headers: [(String, String)]) {
        self.method = method
        self.path = path
        self.authority = authority
        self.headers = headers
    }
}

/// A stream that a request is about to get: what is asked of it before that waits for `attach`.
final class StreamHandle: Sendable {
    private enum State {
        case waiting(isCancelled: Bool)
        case attached(ClientConnection, Int32)
    }

    private let state = NIOLockedValueBox(State.waiting(isCancelled: false))

    /// On the connection's loop, as soon as the stream has its number.
    func attach(_ connection: ClientConnection, _ stream: Int32) {
        let wasCancelled = state.withLockedValue { state in
            defer { state = .attached(connection, stream) }
            guard case .waiting(let isCancelled) = state else { return false }
            return isCancelled
        }
        if wasCancelled { connection.cancel(stream: stream) }
    }

    func resume() {
        if let (connection, stream) = target { connection.resume(stream: stream) }
    }

    func consumed(_ count: Int) {
        if let (connection, stream) = target { connection.consumed(stream: stream, count: count) }
    }

    func cancel() {
        let target = state.withLockedValue { state -> (ClientConnection, Int32)? in
            switch state {
            case .waiting:
                state = .waiting(isCancelled: true)
                return nil
            case .attached(let connection, let stream):
                return (connection, stream)
            }
        }
        if let (connection, stream) = target { connection.cancel(stream: stream) }
    }

    private var target: (ClientConnection, Int32)? {
        state.withLockedValue { state in
            guard case .attached(let connection, let stream) = state else { return nil }
            return (connection, stream)
        }
    }
}
