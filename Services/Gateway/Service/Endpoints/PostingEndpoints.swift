internal import HTTP2
internal import Identity
internal import JSON
internal import NIOCore
internal import Protocol

/// Seed 001's routes: posting sets, their tasks and their history.
struct PostingEndpoints {
    let batch: any Upstream
    let maximumBodyBytes: Int

    private static let root = "/api/accounts_receivable/postings/batches"
    /// The slowest upload for which a submission's time is reckoned.
    private static let bytesPerSecond = 32 << 10

    var all: [Endpoint] {
        // Reading wants the scope of submitting (contract S1-14, S1-26) or an auditor's (A1-12).
        let reading = Endpoint.Access.anyScope([.postingBatchesWrite, .auditRead])
        return [
            Endpoint(
                .post,
                Self.root,
                access: .scope(.postingBatchesWrite),
                body: .json(maximumBytes: maximumBodyBytes),
                submit
            ),
            Endpoint(.get, Self.root, access: reading, history),
            Endpoint(.get, Self.root + "/{batch_id}", access: reading, oneSet),
            Endpoint(.get, "/api/tasks/{id}", access: reading, task),
            Endpoint(.get, "/api/tasks/{id}/progress", access: reading, progress),
        ]
    }

    // MARK: Submitting

    @Sendable
    private func submit(_ call: EdgeCall) async throws -> EdgeReply {
        var upstream = UpstreamCall(BatchMethods.submitSet, for: call)
        upstream.idempotencyKey = try call.idempotencyKey()
        if let whole = call.request.body.takeWhole() {
            guard whole.readableBytes <= maximumBodyBytes else {
                throw BodyTooLarge(limit: maximumBodyBytes)
            }
            upstream.body = whole
            return try await accepted(call) { try await batch.call(upstream) }
        }
        let expected = call.request.fields.contentLength
        upstream.timeout = timeout(expected ?? maximumBodyBytes)
        let body = UploadBody(call.request.body, limit: maximumBodyBytes)
        return try await accepted(call) {
            do {
                return try await batch.upload(upstream, body: body, expectedBytes: expected)
            } catch {
                throw body.failure ?? error
            }
        }
    }

    private func accepted(
        _ call: EdgeCall,
        _ send: () async throws -> UpstreamReply
    ) async throws -> EdgeReply {
        let reply = try await call.submitting(.postingSet, send)
        guard let task = reply.metadata.text("task_id") else { throw RPCError.internal }
        let headers = [(name: "location", value: "/api/tasks/" + task)] + reply.replayHeaders
        return .json(202, reply.body, headers: headers)
    }

    private func timeout(_ bytes: Int) -> TimeAmount {
        let seconds = BatchMethods.submitSet.defaultTimeoutSeconds + bytes / Self.bytesPerSecond
        return .seconds(Int64(seconds))
    }

    // MARK: Reading

    @Sendable
    private func task(_ call: EdgeCall) async throws -> EdgeReply {
        let body = JSONWriter.buffer([("id", call.parameters[0])])
        let upstream = UpstreamCall(BatchMethods.getTask, body: body, for: call)
        return try await Download.reply(try await batch.download(upstream))
    }

    @Sendable
    private func progress(_ call: EdgeCall) async throws -> EdgeReply {
        let body = JSONWriter.buffer([("id", call.parameters[0])])
        let reply = try await batch.call(
            UpstreamCall(BatchMethods.taskProgress, body: body, for: call)
        )
        return .json(200, reply.body)
    }

    @Sendable
    private func oneSet(_ call: EdgeCall) async throws -> EdgeReply {
        let body = JSONWriter.buffer([("batch_id", call.parameters[0])])
        let upstream = UpstreamCall(BatchMethods.getSet, body: body, for: call)
        return try await Download.reply(try await batch.download(upstream))
    }

    @Sendable
    private func history(_ call: EdgeCall) async throws -> EdgeReply {
        let body = Paging.filters(call.query)
        return try await Paging.reply(
            try await batch.download(UpstreamCall(BatchMethods.listSets, body: body, for: call))
        )
    }
}
