internal import HTTP2
internal import Identity
internal import JSON
internal import NIOCore
internal import Protocol

/// What the ledger says: accounts, detail codes, the trial balance and every entry.
struct LedgerEndpoints {
    let posting: any Upstream

    private static let root = "/api/accounts_receivable"
    /// Entries asked for at once while all are exported.
    private static let exportPage = 10_000
    private static let linesType = "application/x-ndjson"

    var all: [Endpoint] {
        let accounts = Endpoint.Access.scope(.accountsRead)
        let ledger = Endpoint.Access.scope(.generalLedgerRead)
        return [
            Endpoint(.get, Self.root + "/accounts/{id}", access: accounts, account),
            Endpoint(.get, Self.root + "/accounts/{id}/ledger", access: accounts, card),
            Endpoint(.get, Self.root + "/detail_codes/{code}", access: accounts, detailCode),
            Endpoint(
                .get,
                "/api/general_ledger/trial_balance",
                access: ledger,
                trialBalance
            ),
            Endpoint(.get, "/api/general_ledger/entries", access: ledger, entries),
        ]
    }

    @Sendable
    private func account(_ call: EdgeCall) async throws -> EdgeReply {
        try await plain(PostingMethods.getAccount, [("account_id", call.parameters[0])], call)
    }

    @Sendable
    private func detailCode(_ call: EdgeCall) async throws -> EdgeReply {
        try await plain(PostingMethods.getDetailCode, [("detail_code", call.parameters[0])], call)
    }

    private func plain(
        _ method: MethodDescriptor,
        _ parameters: [(String, String)],
        _ call: EdgeCall
    ) async throws -> EdgeReply {
        let body = JSONWriter.buffer(parameters)
        let reply = try await posting.call(UpstreamCall(method, body: body, for: call))
        return .json(200, reply.body)
    }

    @Sendable
    private func card(_ call: EdgeCall) async throws -> EdgeReply {
        let body = JSONWriter.buffer { json in
            json.member("account_id", call.parameters[0])
            json.add(Paging.names, of: call.query)
        }
        let reply = try await posting.call(
            UpstreamCall(PostingMethods.accountLedger, body: body, for: call)
        )
        var answer = EdgeReply.json(200, reply.body)
        answer.continuationKey = Paging.continuationKey(reply.metadata)
        return answer
    }

    @Sendable
    private func trialBalance(_ call: EdgeCall) async throws -> EdgeReply {
        let upstream = UpstreamCall(PostingMethods.trialBalance, for: call)
        return try await Download.reply(try await posting.download(upstream))
    }

    // MARK: Export

    /// Every entry after `after` as a JSON line, in the order of their ids, page by page from the
    /// service into one answer.
    @Sendable
    private func entries(_ call: EdgeCall) async throws -> EdgeReply {
        guard let start = Int64(call.query["after"] ?? "0"), start >= 0 else {
            throw RPCError.invalid([
                RPCError.Detail(
                    field: "/after",
                    code: "wrong_type",
                    message: "after is the number of an entry."
                )
            ])
        }
        // The first page is asked for before the answer begins, so that a refusal has its status.
        let first = try await page(after: start, call)
        let body = EdgeReply.Body.pieces { target in
            var page = first
            while true {
                try await target.write(page.body)
                guard page.metadata.flag("more"), let last = page.metadata.text("last_entry_id"),
                    let after = Int64(last)
                else { return }
                page = try await self.page(after: after, call)
            }
        }
        return EdgeReply(200, body: body, contentType: Self.linesType)
    }

    private func page(after: Int64, _ call: EdgeCall) async throws -> UpstreamReply {
        let body = JSONWriter.buffer { json in
            json.member("after", after)
            json.member("limit", Int64(Self.exportPage))
        }
        return try await posting.call(
            UpstreamCall(PostingMethods.exportEntries, body: body, for: call)
        )
    }
}
