internal import Identity
internal import JSON
internal import NIOCore
internal import Protocol
internal import Transport

/// How the loader asks and tells the services.
extension DemoPaymentLoader {
    static func file(_ columns: String, _ lines: [String]) -> [UInt8] {
        Array((([columns] + lines).joined(separator: "\n") + "\n").utf8)
    }

    func upload(
        _ service: ServiceName,
        _ method: MethodDescriptor,
        _ file: [UInt8],
        kind: String? = nil
    ) async throws {
        let params = JSONNode(members: [
            ("kind", kind.map { .string($0) }), ("format", .string("csv")),
        ])
        _ = try await session.call(
            service,
            method,
            params: params.bytes,
            body: file,
            token: token
        )
    }

    func list(_ service: ServiceName, _ method: MethodDescriptor) async throws -> [JSONNode] {
        let reply = try await session.call(service, method, token: token)
        return JSONNode(reply.bytes)?.elements ?? []
    }

    /// Nil where the service knows no such thing.
    func find(
        _ service: ServiceName,
        _ method: MethodDescriptor,
        _ body: JSONNode
    ) async throws -> IncomingReply? {
        do {
            return try await ask(service, method, body, token)
        } catch let error as RPCError where error.status == .notFound {
            return nil
        } catch let error as RPCError {
            throw CommandFailure(error, calling: method.name)
        }
    }

    func ask(
        _ service: ServiceName,
        _ method: MethodDescriptor,
        _ body: JSONNode,
        _ token: String
    ) async throws -> IncomingReply {
        try await session.connected(to: service) { client in
            try await client.call(
                method,
                body: ByteBuffer(bytes: body.bytes),
                options: CallOptions(token: token)
            )
        }
    }

    func repeating(
        while isPassing: (RPCError) -> Bool,
        _ work: () async throws -> Void
    ) async throws {
        let deadline = ContinuousClock.now.advanced(by: Self.patience)
        while true {
            do {
                return try await work()
            } catch let error as RPCError {
                guard isPassing(error), ContinuousClock.now < deadline else {
                    throw CommandFailure(error, calling: PaymentMethods.openSession.name)
                }
                try await Task.sleep(for: Self.pause)
            }
        }
    }
}
