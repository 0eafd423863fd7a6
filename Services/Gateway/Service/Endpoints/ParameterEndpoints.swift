internal import Identity
internal import NIOCore
internal import Protocol

/// Settings of the services behind, as one list, and the PEA workflow.
struct ParameterEndpoints {
    let batch: any Upstream
    let posting: any Upstream

    private static let settings = PaymentEndpoints.root + "/settings"
    private static let workflow = PaymentEndpoints.root + "/workflow"
    private static let maximumWorkflow = 1 << 20
    /// The settings that are posting-service's; every other name is batch-service's to judge.
    private static let ofPosting: Set<String> = ["require_term_codes", "fiscal_year_start_month"]

    var all: [Endpoint] {
        let reading = Endpoint.Access.scope(.batchesRead)
        let writing = Endpoint.Access.scope(.settingsWrite)
        return [
            Endpoint(.get, Self.settings, access: reading, allSettings),
            Endpoint(
                .put,
                Self.settings + "/{name}",
                access: writing,
                body: .json(maximumBytes: PaymentEndpoints.smallBody),
                putSetting
            ),
            Endpoint(.get, Self.workflow, access: reading) { call in
                let reply = try await batch.call(
                    UpstreamCall(PaymentMethods.getWorkflow, for: call)
                )
                return .json(200, reply.body)
            },
            Endpoint(
                .put,
                Self.workflow,
                access: writing,
                body: .json(maximumBytes: Self.maximumWorkflow)
            ) { call in
                let body = try await call.collectBody()
                return try await put(PaymentMethods.putWorkflow, body, to: batch, call)
            },
        ]
    }

    @Sendable
    private func allSettings(_ call: EdgeCall) async throws -> EdgeReply {
        async let first = batch.call(UpstreamCall(PaymentMethods.getSettings, for: call))
        let second = try await posting.call(
            UpstreamCall(LedgerPaymentMethods.getSettings, for: call)
        )
        return .json(200, try Self.joined([try await first.body, second.body]))
    }

    /// One JSON array of the elements of several.
    private static func joined(_ arrays: [ByteBuffer]) throws -> ByteBuffer {
        var elements: [UInt8] = []
        for array in arrays {
            let bytes = Array(array.readableBytesView)
            guard let start = bytes.firstIndex(of: UInt8(ascii: "[")),
                let end = bytes.lastIndex(of: UInt8(ascii: "]")), start < end
            else { throw RPCError.internal }
            let inner = bytes[(start + 1)..<end]
            guard inner.contains(UInt8(ascii: "{")) else { continue }
            if !elements.isEmpty { elements.append(UInt8(ascii: ",")) }
            elements += inner
        }
        return ByteBuffer(bytes: [UInt8(ascii: "[")] + elements + [UInt8(ascii: "]")])
    }

    @Sendable
    private func putSetting(_ call: EdgeCall) async throws -> EdgeReply {
        let name = call.parameters[0]
        let body = try await call.bodyWithMember("name", name)
        return Self.ofPosting.contains(name)
            ? try await put(LedgerPaymentMethods.putSetting, body, to: posting, call)
            : try await put(PaymentMethods.putSetting, body, to: batch, call)
    }

    /// Putting the same again is always safe, with a key and without.
    private func put(
        _ method: MethodDescriptor,
        _ body: ByteBuffer,
        to upstream: any Upstream,
        _ call: EdgeCall
    ) async throws -> EdgeReply {
        var change = UpstreamCall(method, body: body, for: call)
        change.idempotencyKey = try call.idempotencyKey()
        let reply = try await upstream.call(change)
        return .json(200, reply.body, headers: reply.replayHeaders)
    }
}
