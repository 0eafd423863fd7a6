internal import HTTP2
internal import Identity
internal import JSON
internal import NIOCore
internal import Protocol

/// Payments and their batches (seed 000; design 1.8).
struct PaymentEndpoints {
    let batch: any Upstream

    static let root = "/api/AR/v1"
    static let smallBody = 64 << 10

    private static let payments = root + "/payments"
    private static let batches = root + "/batches"
    private static let oneBatch = batches + "/{batch_id}"

    var all: [Endpoint] { paymentRoutes + batchRoutes + transitions }

    // MARK: Payments

    private var paymentRoutes: [Endpoint] {
        let body = Endpoint.BodyRule.json(maximumBytes: Self.smallBody)
        return [
            Endpoint(
                .post,
                Self.payments,
                access: .scope(.paymentsWrite),
                body: body
            ) { call in
                try await change(PaymentMethods.addPayment, .payment, status: 201, call) {
                    try await call.collectBody()
                }
            },
            Endpoint(
                .get,
                Self.payments + "/{id}",
                access: .scope(.batchesRead)
            ) { call in
                try await one(PaymentMethods.getPayment, "payment_id", call)
            },
            Endpoint(
                .post,
                Self.payments + "/delete",
                access: .scope(.paymentsDelete),
                body: body
            ) { call in
                try await change(PaymentMethods.deletePayments, .batch, call) {
                    try await call.collectBody()
                }
            },
            Endpoint(
                .post,
                Self.payments + "/{id}/reverse",
                access: .scope(.paymentsReverse),
                body: body
            ) { call in
                try await change(PaymentMethods.reversePayment, .payment, status: 201, call) {
                    try await call.bodyWithMember("payment_id", call.parameters[0])
                }
            },
        ]
    }

    // MARK: Batches

    private var batchRoutes: [Endpoint] {
        let reading = Endpoint.Access.scope(.batchesRead)
        return [
            Endpoint(.get, Self.batches, access: reading) { call in
                let body = Paging.filters(call.query)
                let upstream = UpstreamCall(PaymentMethods.listBatches, body: body, for: call)
                return try await Paging.reply(try await batch.download(upstream))
            },
            Endpoint(.get, Self.oneBatch, access: reading) { call in
                try await one(PaymentMethods.getBatch, "batch_id", call)
            },
            Endpoint(.get, Self.oneBatch + "/payments", access: reading, paymentsOfBatch),
            Endpoint(.get, Self.oneBatch + "/history", access: reading) { call in
                let body = JSONWriter.buffer([("batch_id", call.parameters[0])])
                let upstream = UpstreamCall(PaymentMethods.batchHistory, body: body, for: call)
                return try await Download.reply(try await batch.download(upstream))
            },
            Endpoint(
                .post,
                Self.batches + "/close",
                access: .scope(.batchesClose),
                body: .json(maximumBytes: Self.smallBody)
            ) { call in
                try await change(PaymentMethods.closeBatch, .batch, call) {
                    try await call.collectBody()
                }
            },
            Endpoint(.delete, Self.oneBatch, access: .scope(.paymentsDelete)) { call in
                try await change(PaymentMethods.deleteBatch, .batch, call) {
                    JSONWriter.buffer([("batch_id", call.parameters[0])])
                }
            },
        ]
    }

    @Sendable
    private func paymentsOfBatch(_ call: EdgeCall) async throws -> EdgeReply {
        let body = JSONWriter.buffer { json in
            json.member("batch_id", call.parameters[0])
            json.add(Paging.names, of: call.query)
        }
        let upstream = UpstreamCall(PaymentMethods.listPayments, body: body, for: call)
        return try await Paging.reply(try await batch.download(upstream))
    }

    private var transitions: [Endpoint] {
        let table: [(String, Scope, MethodDescriptor)] = [
            ("release", .batchesReview, PaymentMethods.releaseBatch),
            ("return", .batchesReview, PaymentMethods.returnBatch),
            ("resume", .batchesReview, PaymentMethods.resumeBatch),
            ("approve", .batchesApprove, PaymentMethods.approveBatch),
            ("reject", .batchesApprove, PaymentMethods.rejectBatch),
        ]
        return table.map { action, scope, method in
            Endpoint(
                .post,
                Self.oneBatch + "/" + action,
                access: .scope(scope),
                body: .optionalJSON(maximumBytes: Self.smallBody)
            ) { call in
                try await change(method, .batch, call) {
                    try await call.bodyWithMembers(
                        [("batch_id", call.parameters[0])],
                        isOptional: true
                    )
                }
            }
        }
    }

    // MARK: Calls

    private func one(
        _ method: MethodDescriptor,
        _ member: String,
        _ call: EdgeCall
    ) async throws -> EdgeReply {
        let body = JSONWriter.buffer([(member, call.parameters[0])])
        let reply = try await batch.call(UpstreamCall(method, body: body, for: call))
        return .json(200, reply.body)
    }

    private func change(
        _ method: MethodDescriptor,
        _ lookup: ErrorMapping.Lookup,
        status: Int = 200,
        _ call: EdgeCall,
        body: () async throws -> ByteBuffer
    ) async throws -> EdgeReply {
        let reply = try await call.submit(method, try await body(), to: batch, lookup)
        return .json(status, reply.body, headers: reply.replayHeaders)
    }
}
