internal import Identity
internal import NIOConcurrencyHelpers
internal import NIOCore

/// The open connections of a server, counted for each identity.
final class ConnectionRegistry: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: ServerConnection] = [:]
        var perPeer: [PeerIdentity: Int] = [:]
        var isClosed = false
        var whenEmpty: [EventLoopPromise<Void>] = []
    }

    private let state = NIOLockedValueBox(State())
    private let maximum: Int
    private let maximumPerPeer: Int

    init(maximum: Int, maximumPerPeer: Int) {
        self.maximum = maximum
        self.maximumPerPeer = maximumPerPeer
    }

    /// False where there are too many already, or the server has shut down.
    func enter(_ connection: ServerConnection, peer: PeerIdentity) -> Bool {
        state.withLockedValue { state in
            let count = state.perPeer[peer, default: 0]
            guard !state.isClosed, state.connections.count < maximum, count < maximumPerPeer else {
                return false
            }
            state.connections[ObjectIdentifier(connection)] = connection
            state.perPeer[peer] = count + 1
            return true
        }
    }

    func leave(_ connection: ServerConnection, peer: PeerIdentity) {
        let waiting = state.withLockedValue { state -> [EventLoopPromise<Void>] in
            guard state.connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else {
                return []
            }
            let left = state.perPeer[peer, default: 1] - 1
            state.perPeer[peer] = left > 0 ? left : nil
            guard state.connections.isEmpty else { return [] }
            defer { state.whenEmpty = [] }
            return state.whenEmpty
        }
        for promise in waiting { promise.succeed() }
    }

    var all: [ServerConnection] { state.withLockedValue { Array($0.connections.values) } }

    /// Takes no further connection.
    func close() { state.withLockedValue { $0.isClosed = true } }

    /// Completes when the last connection has left.
    func whenEmpty(on loop: any EventLoop) -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        let isEmpty = state.withLockedValue { state in
            if !state.connections.isEmpty { state.whenEmpty.append(promise) }
            return state.connections.isEmpty
        }
        if isEmpty { promise.succeed() }
        return promise.futureResult
    }
}
