internal import BatchRules
internal import Identity
internal import Logging
internal import NIOCore
internal import Protocol
package import ServiceRuntime
internal import Transport

/// The methods of batch-service, each a few lines between the wire and the parts.
package struct BatchBindings: Sendable {
    let intake: SetIntake
    let tasks: TaskReader
    let history: HistoryReader
    let results: ResultReader
    let logger: Logger
    let now: @Sendable () -> Instant

    private static let accepted = ByteBuffer(string: #"{"status":"accepted"}"#)

    package var all: [AuthorizedBinding] {
        [
            AuthorizedBinding(BatchMethods.submitSet, submit),
            AuthorizedBinding(BatchMethods.getTask, getTask),
            AuthorizedBinding(BatchMethods.taskProgress, taskProgress),
            AuthorizedBinding(BatchMethods.getSet, getSet),
            AuthorizedBinding(BatchMethods.listSets, listSets),
        ]
    }

    private func submit(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let incoming = call.call
        // Only the gateway is believed about the address of its client.
        let isEdge = incoming.peer == .service(.gateway)
        let submission = Submission(
            principal: try call.requirePrincipal(),
            peer: incoming.peer.uri,
            clientAddress: isEdge ? incoming.metadata.clientAddress ?? "" : "",
            requestID: incoming.metadata.requestID,
            idempotencyKey: incoming.metadata.idempotencyKey
        )
        do {
            let acceptance = try await intake.submit(
                submission,
                incoming.body,
                expectedBytes: incoming.body.expectedBytes
            )
            return OutgoingReply(
                body: Self.accepted,
                metadata: [
                    "task_id": .string(acceptance.taskID),
                    "replayed": .boolean(acceptance.replayed),
                ]
            )
        } catch let error as SourceNotApproved {
            throw call.refuse(reason: "wrong_source", subject: error.sourceName)
        }
    }

    private func getTask(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let caller = try reader(call)
        let id = try CallParameters.text("id", in: try await call.call.body.collect())
        let (task, finished) = try await tasks.taskAndResult(id, for: caller)
        guard let set = finished else {
            return OutgoingReply(body: ByteBuffer(bytes: TaskDocument.unfinished(task)))
        }
        let (before, after) = TaskDocument.around(task)
        return try await results.reply(set, before: before, after: after)
    }

    private func taskProgress(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let caller = try reader(call)
        let id = try CallParameters.text("id", in: try await call.call.body.collect())
        let task = try await tasks.task(id, for: caller)
        return OutgoingReply(body: ByteBuffer(bytes: TaskDocument.progress(task)))
    }

    private func getSet(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let caller = try reader(call)
        let number = try CallParameters.text("batch_id", in: try await call.call.body.collect())
        return try await results.reply(tasks.finishedSet(number, for: caller))
    }

    private func listSets(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let caller = try reader(call)
        let parameters = try await call.call.decode(ListRequest.self)
        let page = try await history.page(parameters.history, for: caller, at: now())
        if !page.ignored.isEmpty {
            logger.info(
                "unknown filters were ignored",
                metadata: ["filters": "\(page.ignored.prefix(10).map { $0.prefix(64) })"]
            )
        }
        let results = results
        return OutgoingReply(
            metadata: [
                "x_count": .integer(page.count),
                "continuation_key": .string(page.continuationKey),
            ]
        ) { writer in
            try await results.writeList(page.setIDs) { try await writer.write($0) }
        }
    }

    /// The caller, who needs the scope of submitting or an auditor's.
    private func reader(_ call: AuthorizedCall) throws -> Principal {
        let caller = try call.requirePrincipal()
        guard Visibility.mayRead(caller) else { throw call.refuse(reason: "wrong_scope") }
        return caller
    }
}
