internal import HTTP2
internal import Identity
internal import NIOCore
internal import Protocol

/// The command API of seed 002: an operation's JSON in, its response envelope out, both as they are.
struct CommandEndpoints {
    let posting: any Upstream
    let keys: ApplicationKeys

    private static let root = "/api/commands/StudentAccounts/StudentAccountTransaction/"
    private static let maximumBody = 1 << 20

    var all: [Endpoint] {
        [
            command("PostAccountTransactionPayment", LedgerPaymentMethods.postPayment),
            command("voidAccountTransactionPayment", LedgerPaymentMethods.voidPayment),
        ]
    }

    private func command(_ operation: String, _ method: MethodDescriptor) -> Endpoint {
        Endpoint(
            .post,
            Self.root + operation,
            access: .scope(.studentPaymentsWrite),
            body: .json(maximumBytes: Self.maximumBody),
            refusals: .envelope,
            applicationKeys: keys,
            ignoresCaseAtEnd: true
        ) { call in
            let body = try await call.collectBody()
            let reply = try await call.submit(method, body, to: posting, .ledgerCard)
            guard case .integer(let status)? = reply.metadata["http_status"],
                (200...599).contains(status)
            else { throw RPCError.internal }
            return .json(Int(status), reply.body, headers: reply.replayHeaders)
        }
    }
}
