internal import Identity
package import Protocol
internal import AccessRules
package import Transport

/// A method with its handler, which runs only for callers that have the method's authority.
///
/// Transport has judged the certificate before; here the token is judged, the refusal audited, and
/// the call counted.
package struct AuthorizedBinding: Sendable {
    package typealias Handler = @Sendable (AuthorizedCall) async throws -> OutgoingReply

    package let descriptor: MethodDescriptor
    package let handle: Handler

    package init(_ descriptor: MethodDescriptor, _ handle: @escaping Handler) {
        self.descriptor = descriptor
        self.handle = handle
    }

    /// The binding that Transport serves.
    func binding(
        access: AccessGate,
        audit: AuditTrail,
        metrics: MetricsRegistry
    ) -> MethodBinding {
        let meter = MethodMeter(descriptor.name, metrics)
        let (descriptor, handle) = (descriptor, handle)
        return MethodBinding(descriptor) { call in
            try await meter.measure(requestBytes: call.body.expectedBytes) {
                let authorized = try Self.authorize(call, descriptor, access, audit)
                return try await handle(authorized)
            }
        }
    }

    private static func authorize(
        _ call: IncomingCall,
        _ descriptor: MethodDescriptor,
        _ access: AccessGate,
        _ audit: AuditTrail
    ) throws(RPCError) -> AuthorizedCall {
        do throws(AccessRefusal) {
            let principal = try access.authorize(
                token: call.metadata.token,
                authority: descriptor.authority,
                peer: call.peer
            )
            return AuthorizedCall(call: call, principal: principal, audit: audit)
        } catch {
            audit.record(refusal(error, of: call, descriptor))
            throw error.error
        }
    }

    private static func refusal(
        _ refusal: AccessRefusal,
        of call: IncomingCall,
        _ descriptor: MethodDescriptor
    ) -> RefusedCall {
        var scope = ""
        if case .scope(let needed) = descriptor.authority { scope = needed.rawValue }
        return RefusedCall(
            actor: refusal.claims?.account ?? "",
            keyID: refusal.claims?.keyID ?? "",
            tokenID: refusal.claims?.tokenID ?? "",
            peer: call.callerName,
            action: descriptor.name,
            scope: scope,
            reason: refusal.word,
            requestID: call.metadata.requestID
        )
    }
}

extension IncomingCall {
    /// Who is on the other side, for audit and logs: the edge's client where the gateway names it,
    /// else the certificate's name.
    ///
    /// Only the gateway is believed: another caller could name any address.
    package var callerName: String {
        guard peer == .service(.gateway), let address = metadata.clientAddress, !address.isEmpty
        else { return peer.uri }
        return address
    }
}
