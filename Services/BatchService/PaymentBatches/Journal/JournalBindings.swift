internal import Identity
internal import ServiceStore
internal import NIOCore
internal import Protocol
package import ServiceRuntime
internal import Transport

/// The methods of journal runs, each a few lines between the wire and the parts.
package struct JournalBindings: Sendable {
    private let starting: JournalStarting
    private let reading: JournalReading

    package init(_ starting: JournalStarting, _ reading: JournalReading) {
        self.starting = starting
        self.reading = reading
    }

    package var all: [AuthorizedBinding] {
        [
            AuthorizedBinding(PaymentMethods.postJournal, post),
            AuthorizedBinding(PaymentMethods.getJournal, get),
            AuthorizedBinding(PaymentMethods.listJournals, list),
        ]
    }

    private func post(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let body = try await call.call.body.collect()
        let caller = try PaymentCaller(call, body: body)
        return try await call.answering {
            try await starting.post(Array(buffer: body), by: caller).outgoing
        }
    }

    private func get(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let body = Array(buffer: try await call.call.body.collect())
        return OutgoingReply(body: ByteBuffer(bytes: try await reading.run(body)))
    }

    private func list(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let body = Array(buffer: try await call.call.body.collect())
        let page = try await reading.runs(body, for: try call.requirePrincipal().account)
        return OutgoingReply(
            body: ByteBuffer(bytes: page.body),
            metadata: page.continuationKey.map { ["continuation_key": .string($0)] } ?? [:]
        )
    }
}
