internal import NIOCore
internal import Identity
internal import Protocol
internal import ServiceRuntime
internal import Storage
internal import Transport

extension AuthBindings {
    /// Most events that one call may bring.
    private static let maximumEvents = 5_000

    var auditBindings: [AuthorizedBinding] {
        [
            AuthorizedBinding(AuthMethods.recordAudit, recordAudit),
            AuthorizedBinding(AuthMethods.queryAudit, queryAudit),
            AuthorizedBinding(AuthMethods.verifyAudit) { _ in
                let verification = AuditVerification(
                    store: state.store,
                    knownHead: state.knownAuditHead
                )
                return try .json(await verification.run())
            },
        ]
    }

    /// Events of another service; its certificate says which, whatever the events say.
    private func recordAudit(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let body = try await call.call.body.collect()
        var events = try body.withUnsafeReadableBytes { try AuditBatch.read($0) }.events
        var faults: [RPCError.Detail] = []
        if events.count > Self.maximumEvents {
            faults.append(
                .init(
                    field: "/events",
                    code: "too_many",
                    message: "Send at most \(Self.maximumEvents) at once."
                )
            )
        }
        for index in events.indices.prefix(Self.maximumEvents) {
            events[index].origin = call.call.peer.name
            if events[index].originID.isEmpty || Timestamps.parse(events[index].at) == nil {
                faults.append(
                    .init(
                        field: "/events/\(index)",
                        code: "incomplete",
                        message: "An event needs at (RFC 3339) and origin_id."
                    )
                )
            }
        }
        guard faults.isEmpty else { throw RPCError.invalid(Array(faults.prefix(100))) }
        return try .json(RecordedEvents(recorded: await state.appendAudit(events)))
    }

    private func queryAudit(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let query = try await call.call.decode(AuditQuery.self).checked()
        return try .json(await state.store.read { try query.run($0) })
    }
}
