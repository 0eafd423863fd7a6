internal import FoundationEssentials
internal import Identity
internal import Logging
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import Protocol
internal import TLS

/// What all connections of one server share.
final class ServerCore: Sendable {
    let service: ServiceName
    let instance: String
    let version: String
    let tls: TLSContext
    let bindings: [MethodBinding]
    let logger: Logger
    let health: @Sendable () -> ServiceHealth
    let onRefusal: @Sendable (Refusal) -> Void
    let hello: ByteBuffer
    let registry = ConnectionRegistry(
        maximum: ProtocolLimits.connections,
        maximumPerPeer: ProtocolLimits.connectionsPerPeer
    )
    let handshakes = HandshakeGate(maximum: ProtocolLimits.handshakes)
    private let names: [String: Int]
    private let running = NIOLockedValueBox(0)

    init(
        service: ServiceName,
        instance: String,
        version: String,
        tls: TLSContext,
        methods: [MethodBinding],
        logger: Logger,
        health: @escaping @Sendable () -> ServiceHealth,
        onRefusal: @escaping @Sendable (Refusal) -> Void
    ) {
        self.service = service
        self.instance = instance
        self.version = version
        self.tls = tls
        self.logger = logger
        self.health = health
        self.onRefusal = onRefusal
        let description = ServiceDescription(
            service: service.rawValue,
            instance: instance,
            version: version,
            methods: methods.map(\.descriptor) + BuiltInMethods.all
        )
        bindings =
            methods
            + Self.builtIns(describing: description, health: health, registry: registry)
        names = Dictionary(
            uniqueKeysWithValues: bindings.enumerated().map { ($1.descriptor.name, $0) }
        )
        let document = HelloDocument(
            service: service.rawValue,
            instance: instance,
            version: version,
            methods: bindings.map(\.descriptor.name)
        )
        hello = HelloFrame.content(document)
    }

    /// The binding that a REQUEST names by its place (from 1), or by name where the place is 0.
    func binding(index: UInt16, name: String?) -> MethodBinding? {
        if index > 0 {
            return index <= bindings.count ? bindings[Int(index) - 1] : nil
        }
        return name.flatMap { names[$0] }.map { bindings[$0] }
    }

    /// Counts one more running handler; false where the process has enough of them.
    func beginCall() -> Bool {
        running.withLockedValue { running in
            guard running < ProtocolLimits.callsPerProcess else { return false }
            running += 1
            return true
        }
    }

    func endCall() { running.withLockedValue { $0 -= 1 } }
}

/// HELLO as bytes.
enum HelloFrame {
    static func content(_ document: HelloDocument) -> ByteBuffer {
        do {
            return ByteBuffer(bytes: try StrictJSON.encode(document))
        } catch {
            preconditionFailure("HELLO holds only text and numbers: \(error)")
        }
    }

    static func read(_ content: ByteBuffer) -> HelloDocument? {
        content.withUnsafeReadableBytes { bytes in
            // Whatever is wrong with it, the connection ends for the same reason.
            try? StrictJSON.decodeReply(HelloDocument.self, from: bytes)
        }
    }
}
