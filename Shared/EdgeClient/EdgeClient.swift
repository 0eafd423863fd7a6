internal import HTTP2
internal import NIOConcurrencyHelpers
package import NIOCore
package import TLS

/// A client of the edge: one HTTP/2 connection over TLS, made on demand, shared by all its requests.
///
/// It does not retry by itself: a request whose outcome is unknown is the caller's to send again, with
/// the same `Idempotency-Key`. Safe from any thread.
package final class EdgeClient: Sendable {
    private enum State {
        case idle
        case connecting(EventLoopFuture<ClientConnection>)
        case connected(ClientConnection)
        case closed
    }

    let host: String
    let port: Int
    let tls: TLSContext
    let loop: any EventLoop
    private let authority: String
    private static let maximumDials = 3
    private let state = NIOLockedValueBox(State.idle)

    package init(host: String, port: Int, tls: TLSContext, loop: any EventLoop) {
        self.host = host
        self.port = port
        self.tls = tls
        self.loop = loop
        authority = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Sends a request whose body is at hand and waits for the whole answer.
    ///
    /// Throws `EdgeClientError`; an answer of any status is an answer, not an error.
    package func request(
        _ method: String,
        _ path: String,
        headers: [(String, String)] = [],
        body: ByteBuffer = ByteBuffer()
    ) async throws -> EdgeResponse {
        let upload: ClientExchange.Upload = body.readableBytes > 0 ? .whole(body) : .none
        let request = ClientRequest(method, path, authority: authority, headers: headers)
        let answer = try await send(request, upload, StreamHandle())
        let whole = try await answer.body.collect(upTo: .max)
        return EdgeResponse(status: answer.status, headers: answer.headers, body: whole)
    }

    /// Sends a request whose body comes in pieces; returns when the head of the answer is there.
    ///
    /// An answer that comes before the body is all sent ends the sending.
    package func open(
        _ method: String,
        _ path: String,
        headers: [(String, String)] = [],
        body: any AsyncSequence<ByteBuffer, any Error> & Sendable
    ) async throws -> EdgeResponseStream {
        let handle = StreamHandle()
        let pieces = OutboundBody { handle.resume() }
        let sending = Task {
            do {
                for try await piece in body { try await pieces.write(piece) }
                pieces.finish()
            } catch {
                pieces.fail()
            }
        }
        defer { sending.cancel() }
        let request = ClientRequest(method, path, authority: authority, headers: headers)
        return try await send(request, .pieces(pieces), handle)
    }

    /// Sends a request without a body; the answer's body comes in pieces.
    package func open(
        _ method: String,
        _ path: String,
        headers: [(String, String)] = []
    ) async throws -> EdgeResponseStream {
        let request = ClientRequest(method, path, authority: authority, headers: headers)
        return try await send(request, .none, StreamHandle())
    }

    /// Ends the connection; what still runs fails with `connectionLost`.
    package func close() async { disconnect() }

    /// As `close`, for whoever cannot wait; the event loop must still run.
    package func disconnect() {
        let former = state.withLockedValue { state in
            defer { state = .closed }
            return state
        }
        if case .connected(let connection) = former { connection.close() }
    }

    private func send(
        _ request: ClientRequest,
        _ upload: ClientExchange.Upload,
        _ handle: StreamHandle
    ) async throws -> EdgeResponseStream {
        for _ in 0..<Self.maximumDials {
            let connection = try await connection()
            if let head = try await send(request, upload, handle, on: connection) {
                return EdgeResponseStream(
                    status: head.status,
                    headers: head.headers,
                    body: head.body,
                    cancelling: { handle.cancel() }
                )
            }
        }
        throw EdgeClientError.refused
    }

    /// Nil where the connection had just ended: nothing was sent, so another one may be tried.
    private func send(
        _ request: ClientRequest,
        _ upload: ClientExchange.Upload,
        _ handle: StreamHandle,
        on connection: ClientConnection
    ) async throws -> ClientExchange.Head? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { answer in
                connection.onLoop { connection in
                    let body = InboundBody { handle.consumed($0) }
                    let exchange = ClientExchange(upload: upload, body: body, answer: answer)
                    if let stream = connection.start(request, exchange) {
                        handle.attach(connection, stream)
                    } else {
                        exchange.notStarted()
                    }
                }
            }
        } onCancel: {
            handle.cancel()
        }
    }

    // MARK: The connection

    private func connection() async throws -> ClientConnection {
        let wanted = loop.submit { () throws -> EventLoopFuture<ClientConnection> in
            switch self.state.withLockedValue({ $0 }) {
            case .closed:
                throw EdgeClientError.closed
            case .connected(let connection) where connection.isOpen:
                return self.loop.makeSucceededFuture(connection)
            case .connecting(let pending):
                return pending
            case .connected, .idle:
                return self.connect()
            }
        }
        return try await wanted.flatMap { $0 }.get()
    }

    /// On the loop: dials, and remembers what came of it.
    private func connect() -> EventLoopFuture<ClientConnection> {
        let dialled = dial()
        setUnlessClosed(.connecting(dialled))
        return dialled.map { connection in
            self.setUnlessClosed(.connected(connection))
            return connection
        }.flatMapErrorThrowing { error in
            self.setUnlessClosed(.idle)
            throw (error as? EdgeClientError) ?? .cannotConnect(String(describing: error))
        }
    }

    private func setUnlessClosed(_ next: State) {
        state.withLockedValue { state in
            if case .closed = state { return }
            state = next
        }
    }
}
