internal import ServiceStore
internal import NIOCore
internal import Protocol
package import ServiceRuntime
internal import Transport

/// The methods of drawers, each a few lines between the wire and the parts.
package struct DrawerBindings: Sendable {
    private let sessions: DrawerSessions

    package init(_ sessions: DrawerSessions) { self.sessions = sessions }

    package var all: [AuthorizedBinding] {
        [
            AuthorizedBinding(PaymentMethods.listDrawers, list),
            AuthorizedBinding(PaymentMethods.getSession, session),
            AuthorizedBinding(PaymentMethods.openSession) { call in
                try await change(call, sessions.open)
            },
            AuthorizedBinding(PaymentMethods.closeSession) { call in
                try await change(call, sessions.close)
            },
            AuthorizedBinding(PaymentMethods.reconcileSession) { call in
                try await change(call, sessions.reconcile)
            },
            AuthorizedBinding(PaymentMethods.importDrawers, importDrawers),
            AuthorizedBinding(PaymentMethods.reserveDrawer, reserve),
            AuthorizedBinding(PaymentMethods.releaseReservations, release),
        ]
    }

    private func list(_ call: AuthorizedCall) async throws -> OutgoingReply {
        var fields = try FieldReader.reading(Array(buffer: try await call.call.body.collect()))
        try fields.finish()
        return OutgoingReply(body: ByteBuffer(bytes: try await sessions.list()))
    }

    private func session(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let body = Array(buffer: try await call.call.body.collect())
        return OutgoingReply(body: ByteBuffer(bytes: try await sessions.session(body)))
    }

    private func change(
        _ call: AuthorizedCall,
        _ change: ([UInt8], PaymentCaller) async throws -> KeyedReply
    ) async throws -> OutgoingReply {
        let body = try await call.call.body.collect()
        let caller = try PaymentCaller(call, body: body)
        return try await call.answering { try await change(Array(buffer: body), caller).outgoing }
    }

    private func importDrawers(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let format = try call.call.decodeParams(ImportRequest.self).format
        let body = try await call.call.body.collect()
        let caller = try PaymentCaller(call, body: body)
        return try await sessions.importDrawers(Array(buffer: body), format: format, by: caller)
            .outgoing
    }

    private func reserve(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let request = try await call.call.decode(ReserveDrawer.self)
        let now = sessions.parts.environment.now()
        let answer = try await sessions.parts.store.writeRepeatedly { transaction in
            try DrawerReservations.reserve(request, at: now, in: transaction)
        }
        return try .json(answer)
    }

    private func release(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let request = try await call.call.decode(ReservationList.self)
        try await sessions.parts.store.writeRepeatedly { transaction in
            try DrawerReservations.release(request.reservationIDs, in: transaction)
        }
        return OutgoingReply(body: ByteBuffer(string: "{}"))
    }
}
