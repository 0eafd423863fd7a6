internal import Identity
internal import Logging
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix
internal import Protocol
internal import TLS

/// The heart of `RPCClient`: one connection at a time, and the calls that wait for it.
///
/// On its loop only, but for `submit`, which any thread may call. A call that finds no connection
/// waits, within its deadline, for the next connect. The places for what is to come: balancing over
/// several connections stands where `connection` is one, retries where `ClientCall.fail` ends a call.
final class ClientCore: @unchecked Sendable {
    private let service: ServiceName
    private let host: String
    private let port: Int
    private let tls: TLSContext
    let loop: any EventLoop
    private let logger: Logger
    private let hello: ByteBuffer
    /// Nil for the system's own.
    private let resolver: (any Resolver & Sendable)?

    private let inbox = NIOLockedValueBox<[(ClientCall, ClientCall.Waiter)]>([])
    private var connection: ClientConnection?
    private var older: [ObjectIdentifier: ClientConnection] = [:]
    private var isReady = false
    private var waiting = CircularBuffer<ClientCall>()
    private var backoff = ConnectBackoff()
    private var lastConnectError: (any Error)?
    private var session: TLSSession?
    private var isClosed = false
    private var isTicking = false
    private var closeWaiters: [EventLoopPromise<Void>] = []

    /// Calls that may wait for a connection or a free place.
    private static let maximumWaiting = 4_096

    init(
        service: ServiceName,
        host: String,
        port: Int,
        tls: TLSContext,
        loop: any EventLoop,
        logger: Logger,
        resolver: (any Resolver & Sendable)? = nil
    ) {
        self.service = service
        self.host = host
        self.port = port
        self.tls = tls
        self.loop = loop
        self.logger = logger
        self.resolver = resolver
        let name = tls.identity?.name ?? ""
        hello = HelloFrame.content(HelloDocument(service: name, instance: name, version: ""))
    }

    // MARK: Calls

    /// Starts a call; from any thread, with one wake-up for as many as come at once.
    func submit(_ call: ClientCall, _ waiter: ClientCall.Waiter) {
        if loop.inEventLoop {
            start(call, waiter)
            return
        }
        let isFirst = inbox.withLockedValue { inbox in
            inbox.append((call, waiter))
            return inbox.count == 1
        }
        guard isFirst else { return }
        loop.execute {
            let calls = self.inbox.withLockedValue { inbox in
                defer { inbox = [] }
                return inbox
            }
            for (call, waiter) in calls { self.start(call, waiter) }
        }
    }

    func cancel(_ call: ClientCall) {
        loop.execute { self.abandon(call, RPCError.callCancelled) }
    }

    func abandon(_ call: ClientCall, _ error: RPCError) {
        guard let connection = call.connection else {
            var error = error
            error.processed = .no
            call.fail(error)
            return
        }
        connection.abandon(call, error)
    }

    private func start(_ call: ClientCall, _ waiter: ClientCall.Waiter) {
        guard call.accept(waiter) else { return }
        guard !isClosed else {
            call.fail(RPCError.clientClosed)
            return
        }
        tickSoon()
        if let connection, isReady, waiting.isEmpty, connection.machine.canOpen {
            connection.open(call)
            return
        }
        if call.options.failsFast, !isReady, backoff.isWaiting, let lastConnectError {
            call.fail(RPCError.notConnected(to: service, lastConnectError))
            return
        }
        if waiting.count >= Self.maximumWaiting { forgetEnded() }
        guard waiting.count < Self.maximumWaiting else {
            call.fail(RPCError.clientOverloaded)
            return
        }
        call.phase = .waiting
        waiting.append(call)
        connectIfNeeded()
    }

    /// Calls that ended while they waited take no room from others.
    private func forgetEnded() { waiting.removeAll { $0.phase == .done } }

    private func sendWaiting() {
        guard isReady, let connection else { return }
        let now = loop.now
        while connection.machine.canOpen, let call = waiting.popFirst() {
            guard call.phase == .waiting else { continue }
            guard call.deadline > now else {
                call.fail(RPCError.deadlineExceeded(processed: .no, origin: .client))
                continue
            }
            connection.open(call)
        }
    }

    // MARK: Connecting

    private func connectIfNeeded() {
        guard connection == nil, !backoff.isConnecting, !backoff.isWaiting, !isClosed else {
            return
        }
        backoff.isConnecting = true
        connect().whenComplete { result in
            self.backoff.isConnecting = false
            if case .failure(let error) = result { self.connectFailed(error) }
        }
    }

    private func connect() -> EventLoopFuture<Void> {
        let (tls, host, session) = (tls, host, session)
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.seconds(Int64(ProtocolLimits.handshakeSeconds)))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.recvAllocator, value: ChannelTuning.readBuffers)
            .channelOption(.writeBufferWaterMark, value: ChannelTuning.waterMark)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try ChannelTuning.apply(to: channel)
                    // A name with several addresses is tried over several channels at a time.
                    try channel.pipeline.syncOperations.addHandlers([
                        TLSChannelHandler(tls, host: host, session: session),
                        self.makeConnection(),
                    ])
                }
            }
            .resolver(resolver)
        let connected: EventLoopFuture<any Channel>
        if let address = try? SocketAddress(ipAddress: host, port: port) {
            connected = bootstrap.connect(to: address)
        } else {
            connected = bootstrap.connect(host: host, port: port)
        }
        return connected.flatMapThrowing { channel in
            let winner = try channel.pipeline.syncOperations.handler(type: ClientConnection.self)
            self.connected(winner)
        }
    }

    /// A channel stands; calls go over it once both sides have said HELLO.
    func connected(_ made: ClientConnection) {
        guard !isClosed else {
            made.close()
            return
        }
        connection = made
        tickSoon()
    }

    func makeConnection() -> ClientConnection {
        ClientConnection(
            loop: loop,
            expected: .service(service),
            hello: hello,
            logger: logger,
            onEvent: { [weak self] in self?.connectionEvent($0, $1) }
        )
    }

    private func connectFailed(_ error: any Error) {
        lastConnectError = error
        let delay = backoff.failed()
        logger.debug(
            "could not connect",
            metadata: [
                "service": .string(service.rawValue), "error": .string(String(describing: error)),
            ]
        )
        let stillWaiting = waiting.filter { call in
            guard call.phase == .waiting else { return false }
            guard call.options.failsFast else { return true }
            call.fail(RPCError.notConnected(to: service, error))
            return false
        }
        waiting = CircularBuffer(stillWaiting)
        loop.scheduleTask(in: delay) {
            self.backoff.isWaiting = false
            if !self.waiting.isEmpty { self.connectIfNeeded() }
        }
    }

    private func connectionEvent(_ source: ClientConnection, _ event: ClientConnection.Event) {
        switch event {
        case .ready:
            guard source === connection else { return }
            isReady = true
            backoff.succeeded()
            lastConnectError = nil
            session = source.resumableSession ?? session
            sendWaiting()
        case .placeFree:
            if !waiting.isEmpty { sendWaiting() }
        case .draining:
            older[ObjectIdentifier(source)] = source
            letGo(source)
        case .closed(let error):
            let neverWorked = source === connection && !isReady
            older[ObjectIdentifier(source)] = nil
            letGo(source)
            if neverWorked { connectFailed(error) }
            if connection == nil, older.isEmpty { succeedClose() }
        }
    }

    /// The next call needs a new connection.
    private func letGo(_ source: ClientConnection) {
        guard source === connection else { return }
        connection = nil
        isReady = false
        loop.execute { if !self.waiting.isEmpty { self.connectIfNeeded() } }
    }

    // MARK: Time

    private func tickSoon() {
        guard !isTicking else { return }
        isTicking = true
        scheduleTick()
    }

    private var isBusy: Bool {
        !waiting.isEmpty || (connection?.machine.open ?? 0) > 0 || !older.isEmpty
    }

    private func scheduleTick() {
        loop.scheduleTask(in: isBusy ? .milliseconds(25) : .milliseconds(250)) { self.ticked() }
    }

    private func ticked() {
        let now = loop.now
        connection?.ticked(at: now)
        for connection in older.values { connection.ticked(at: now) }
        for call in waiting where call.phase == .waiting && call.deadline <= now {
            call.fail(
                lastConnectError.map { RPCError.notConnected(to: service, $0) }
                    ?? RPCError.deadlineExceeded(processed: .no, origin: .client)
            )
        }
        forgetEnded()
        if connection == nil, waiting.isEmpty, older.isEmpty {
            isTicking = false
        } else {
            scheduleTick()
        }
    }

    // MARK: The end

    func close() -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        loop.execute {
            self.isClosed = true
            for call in self.waiting { call.fail(RPCError.clientClosed) }
            self.waiting.removeAll()
            self.closeWaiters.append(promise)
            for connection in self.older.values { connection.close() }
            guard let connection = self.connection else {
                if self.older.isEmpty { self.succeedClose() }
                return
            }
            connection.close()
        }
        return promise.futureResult
    }

    private func succeedClose() {
        let waiters = closeWaiters
        closeWaiters = []
        for promise in waiters { promise.succeed() }
    }
}

/// How long to wait before the next connect: 50 ms, doubled up to 2 s, with full jitter.
struct ConnectBackoff {
    var isConnecting = false
    var isWaiting = false
    private var failures = 0

    mutating func succeeded() { failures = 0 }

    mutating func failed() -> TimeAmount {
        isWaiting = true
        let ceiling = min(2_000, 50 << min(failures, 6))
        failures += 1
        return .milliseconds(Int64.random(in: 10...Int64(ceiling)))
    }
}

extension RPCError {
    static let clientClosed = RPCError(
        .unavailable,
        reason: "client_closed",
        message: "The client has been closed.",
        origin: .client
    )
    static let clientOverloaded = RPCError(
        .resourceExhausted,
        reason: "too_many_calls",
        message: "Too many calls wait for a connection.",
        retryAfterMilliseconds: 500,
        origin: .client
    )

    static func notConnected(to service: ServiceName, _ cause: any Error) -> RPCError {
        RPCError(
            .unavailable,
            reason: "not_connected",
            message: "\(service.rawValue) cannot be reached: \(cause)",
            retryAfterMilliseconds: 1_000,
            origin: .network
        )
    }
}
