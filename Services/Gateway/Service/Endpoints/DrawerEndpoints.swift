internal import Identity
internal import JSON
internal import NIOCore
internal import Protocol

/// Cash drawers and the sessions of their cashiers.
struct DrawerEndpoints {
    let batch: any Upstream

    private static let root = PaymentEndpoints.root + "/drawers"
    private static let sessions = root + "/{id}/sessions"
    private static let oneSession = sessions + "/{session_id}"
    private static let members = ["cash_drawer_id", "cash_drawer_session_id"]

    var all: [Endpoint] {
        let reading = Endpoint.Access.scope(.batchesRead)
        return [
            Endpoint(.get, Self.root, access: reading) { call in
                let reply = try await batch.call(
                    UpstreamCall(PaymentMethods.listDrawers, for: call)
                )
                return .json(200, reply.body)
            },
            Endpoint(.get, Self.oneSession, access: reading) { call in
                let body = JSONWriter.buffer(Self.path(call))
                let reply = try await batch.call(
                    UpstreamCall(PaymentMethods.getSession, body: body, for: call)
                )
                return .json(200, reply.body)
            },
            change(Self.sessions, PaymentMethods.openSession, status: 201),
            change(Self.oneSession + "/close", PaymentMethods.closeSession),
            change(Self.oneSession + "/reconcile", PaymentMethods.reconcileSession),
        ]
    }

    private static func path(_ call: EdgeCall) -> [(String, String)] {
        Array(zip(members, call.parameters))
    }

    private func change(
        _ path: String,
        _ method: MethodDescriptor,
        status: Int = 200
    ) -> Endpoint {
        Endpoint(
            .post,
            path,
            access: .scope(.drawersWrite),
            body: .optionalJSON(maximumBytes: PaymentEndpoints.smallBody)
        ) { call in
            let body = try await call.bodyWithMembers(Self.path(call), isOptional: true)
            let reply = try await call.submit(method, body, to: batch, .drawerSession)
            return .json(status, reply.body, headers: reply.replayHeaders)
        }
    }
}
