internal import Identity

/// The reply of `bursar.describe`.
package struct ServiceDescription: Encodable, Sendable {
    package struct Method: Encodable, Sendable {
        package let name: String
        package let summary: String
        package let callers: [String]
        package let authority: String
        package let scope: String?
        package let idempotent: Bool
        package let changesMoney: Bool
        package let maximumRequestBytes: Int
        package let maximumReplyBytes: Int
        package let timeoutSeconds: Int
        package let request: String
        package let reply: String

        private enum CodingKeys: String, CodingKey {
            case name, summary, callers, authority, scope, idempotent
            case changesMoney = "changes_money"
            case maximumRequestBytes = "max_request_bytes"
            case maximumReplyBytes = "max_reply_bytes"
            case timeoutSeconds = "timeout_seconds"
            case request, reply
        }
    }

    package let service: String
    package let instance: String
    package let version: String
    package let methods: [Method]

    package init(service: String, instance: String, version: String, methods: [MethodDescriptor]) {
        self.service = service
        self.instance = instance
        self.version = version
        self.methods = methods.map(Method.init)
    }
}

extension ServiceDescription.Method {
    fileprivate init(_ descriptor: MethodDescriptor) {
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
package struct ConnectionDescription: Encodable, Sendable {
    package let peer: String
    package let ageMilliseconds: Int64
    package let callsInFlight: Int
    package let callsTotal: Int64
    package let bytesIn: Int64
    package let bytesOut: Int64

    package init(
        peer: String,
        ageMilliseconds: Int64,
        callsInFlight: Int,
        callsTotal: Int64,
        bytesIn: Int64,
        bytesOut: Int64
    ) {
        self.peer = peer
        self.ageMilliseconds = ageMilliseconds
        self.callsInFlight = callsInFlight
        self.callsTotal = callsTotal
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
    }

    private enum CodingKeys: String, CodingKey {
        case peer
        case ageMilliseconds = "age_ms"
        case callsInFlight = "calls_in_flight"
        case callsTotal = "calls_total"
        case bytesIn = "bytes_in"
        case bytesOut = "bytes_out"
    }
}
