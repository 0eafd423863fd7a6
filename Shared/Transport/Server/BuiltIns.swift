internal import Identity
internal import NIOCore
internal import Protocol

/// The reply of `bursar.describe`.
struct ServiceDescription: Encodable, Sendable {
    struct Method: Encodable, Sendable {
        let name: String
        let summary: String
        let callers: [String]
        let authority: String
        let scope: String?
        let idempotent: Bool
        let changesMoney: Bool
        let maximumRequestBytes: Int
        let maximumReplyBytes: Int
        let timeoutSeconds: Int
        let request: String
        let reply: String

        private enum CodingKeys: String, CodingKey {
            case name, summary, callers, authority, scope, idempotent
            case changesMoney = "changes_money"
            case maximumRequestBytes = "max_request_bytes"
            case maximumReplyBytes = "max_reply_bytes"
            case timeoutSeconds = "timeout_seconds"
            case request, reply
        }
    }

    let service: String
    let instance: String
    let version: String
    let methods: [Method]

    init(service: String, instance: String, version: String, methods: [MethodDescriptor]) {
        self.service = service
        self.instance = instance
        self.version = version
        self.methods = methods.map(Method.init)
    }
}

extension ServiceDescription.Method {
    init(_ descriptor: MethodDescriptor) {
        name = descriptor.name
        summary = descriptor.summary
        idempotent = descriptor.isIdempotent
        changesMoney = descriptor.changesMoney
        maximumRequestBytes = descriptor.maximumRequestBytes
        maximumReplyBytes = descriptor.maximumReplyBytes
        timeoutSeconds = descriptor.defaultTimeoutSeconds
        request = descriptor.requestShape
        reply = descriptor.replyShape
        switch descriptor.callers {
        case .anyone: callers = ["anyone"]
        case .edgeAndClients: callers = [ServiceName.gateway.rawValue, "clients"]
        case .services(let names): callers = names.map(\.rawValue).sorted()
        }
        switch descriptor.authority {
        case .certificate: (authority, scope) = ("certificate", nil)
        case .token: (authority, scope) = ("token", nil)
        case .scope(let needed): (authority, scope) = ("scope", needed.rawValue)
        }
    }
}

/// One line of `bursar.connections`.
struct ConnectionDescription: Encodable, Sendable {
    let peer: String
    let ageMilliseconds: Int64
    let callsInFlight: Int
    let callsTotal: Int64
    let bytesIn: Int64
    let bytesOut: Int64

    private enum CodingKeys: String, CodingKey {
        case peer
        case ageMilliseconds = "age_ms"
        case callsInFlight = "calls_in_flight"
        case callsTotal = "calls_total"
        case bytesIn = "bytes_in"
        case bytesOut = "bytes_out"
    }
}

extension ServerCore {
    static func builtIns(
        describing description: ServiceDescription,
        health: @escaping @Sendable () -> ServiceHealth,
        registry: ConnectionRegistry
    ) -> [MethodBinding] {
        [
            MethodBinding(BuiltInMethods.describe) { _ in try .json(description) },
            MethodBinding(BuiltInMethods.health) { _ in try .json(health()) },
            MethodBinding(BuiltInMethods.connections) { _ in
                var lines: [ConnectionDescription] = []
                for connection in registry.all {
                    lines.append(try await connection.describe())
                }
                return try .json(lines)
            },
        ]
    }
}
