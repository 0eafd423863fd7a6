internal import HTTP2
internal import Identity
internal import JSON
internal import NIOCore
internal import Protocol

/// The Payments Journal: runs that post released batches.
struct JournalEndpoints {
    let batch: any Upstream

    private static let root = PaymentEndpoints.root + "/journal"
    /// A run may name thousands of batches.
    private static let maximumBody = 1 << 20

    var all: [Endpoint] {
        [
            Endpoint(
                .post,
                Self.root,
                access: .scope(.batchesPost),
                body: .json(maximumBytes: Self.maximumBody),
                start
            ),
            Endpoint(.get, Self.root, access: .scope(.batchesRead)) { call in
                let body = JSONWriter.buffer { $0.add(Paging.names, of: call.query) }
                return try await Paging.reply(
                    try await batch.download(
                        UpstreamCall(PaymentMethods.listJournals, body: body, for: call)
                    )
                )
            },
            Endpoint(.get, Self.root + "/{run_id}", access: .scope(.batchesRead)) { call in
                let body = JSONWriter.buffer([("run_id", call.parameters[0])])
                let upstream = UpstreamCall(PaymentMethods.getJournal, body: body, for: call)
                return try await Download.reply(try await batch.download(upstream))
            },
        ]
    }

    /// A run goes on by itself: the answer names where it can be watched.
    @Sendable
    private func start(_ call: EdgeCall) async throws -> EdgeReply {
        let reply = try await call.submit(
            PaymentMethods.postJournal,
            try await call.collectBody(),
            to: batch,
            .journalRun
        )
        guard let run = reply.metadata.text("run_id") else { throw RPCError.internal }
        let headers = [(name: "location", value: Self.root + "/" + run)] + reply.replayHeaders
        return .json(202, reply.body, headers: headers)
    }
}
