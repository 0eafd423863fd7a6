import GatewayService
import HTTP2
import NIOConcurrencyHelpers
import NIOCore

/// A server connection without socket, loop or tasks: the test decides when each request is answered.
final class ConnectionDriver: HTTP2ServerOwner {
    private(set) var connection: HTTP2ServerConnection?
    private(set) var requests: [(stream: Int32, request: EdgeRequest)] = []
    private(set) var records: [ExchangeRecord] = []
    private(set) var abuses: [AbuseBudgets.Kind] = []
    let cancelled = NIOLockedValueBox<[Int32]>([])
    private(set) var now = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private(set) var output = ByteBuffer()
    /// Answers at once with this status.
    var answersWith: Int?

    init(_ limits: EdgeLimits = EdgeLimits()) {
        connection = HTTP2ServerConnection(
            limits: limits,
            rules: HeadRules(
                hosts: .forEdge(boundTo: "127.0.0.1", extra: []),
                maximumTargetBytes: limits.maximumTargetBytes
            ),
            clientAddress: "192.0.2.1",
            owner: self,
            now: now
        )
    }

    func start(_ request: EdgeRequest, stream: Int32) -> @Sendable () -> Void {
        requests.append((stream, request))
        return { [cancelled] in cancelled.withLockedValue { $0.append(stream) } }
    }

    func outputIsDue() {}
    func onLoop(_ work: @escaping @Sendable () -> Void) { work() }
    func exchangeEnded(_ record: ExchangeRecord) { records.append(record) }
    func abuseFound(_ kind: AbuseBudgets.Kind) { abuses.append(kind) }

    /// Opens the connection as a client does.
    func open() {
        send(RawFrames.preface)
        send(RawFrames.settings)
        send(RawFrames.settingsAcknowledged)
        flush()
        output.clear()
    }

    /// Gives bytes to the server, in pieces of `size`, and takes what it sends.
    func send(_ bytes: ByteBuffer, pieces size: Int = .max) {
        var rest = bytes
        while let piece = rest.readSlice(length: min(size, rest.readableBytes)),
            piece.readableBytes > 0
        {
            piece.withUnsafeReadableBytes { connection?.receive($0, now: now) }
            answerWaiting()
            flush()
        }
    }

    private var answered = 0

    private func answerWaiting() {
        guard let answersWith else { return }
        while answered < requests.count {
            answer(requests[answered].stream, EdgeReply(answersWith))
            answered += 1
        }
    }

    func answer(_ stream: Int32, _ reply: EdgeReply, pieces: OutboundBody? = nil) {
        connection?.reply(stream: stream, reply, pieces: pieces, date: "now", now: now)
        connection?.handlerEnded()
        flush()
    }

    func flush() {
        while connection?.takeOutput(into: &output, limit: output.readableBytes + 65_536) == true {}
    }

    /// Lets time pass, a second at a time.
    func pass(seconds: Int) {
        for _ in 0..<seconds {
            now = now + .seconds(1)
            connection?.sweep(now: now)
            flush()
        }
    }

    /// What the server has sent since the last call.
    func takeFrames() -> [RawFrames.Received] {
        defer { output.clear() }
        return RawFrames.parse(output)
    }

    var isOver: Bool { connection?.shouldClose ?? true }
}
