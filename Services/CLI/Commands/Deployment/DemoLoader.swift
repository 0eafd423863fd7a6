internal import Identity
internal import JSON
internal import NIOCore
internal import Protocol
internal import Transport

/// Creates what is missing of the demo data, by the methods that an administrator uses.
struct DemoLoader {
    let session: RPCSession

    /// Loads the data and puts working keys into `demo`.
    func load(into demo: inout DemoEnvironment) async throws {
        let token = try await session.token(
            .admin,
            scopes: [
                .keysManage, .accountsWrite, .accountsRead, .batchesRead, .settingsWrite,
            ]
        )
        try await referenceData(token)
        for source in DemoData.sources {
            let variable = source.key.variable
            if let key = demo.keys[variable], try await works(key) { continue }
            try await account(source, token)
            demo.keys[variable] = try await newKey(for: source, token)
        }
        try await DemoPaymentLoader(session: session, token: token).load(demo)
    }

    /// Both files are imported in one transaction each, the detail codes last.
    private func referenceData(_ token: String) async throws {
        let isThere = try await session.connected(to: .posting) { client in
            do {
                _ = try await client.call(
                    PostingMethods.getDetailCode,
                    body: ByteBuffer(string: #"{"detail_code":"PMT1"}"#),
                    options: CallOptions(token: token)
                )
                return true
            } catch let error as RPCError where error.status == .notFound {
                return false
            } catch let error as RPCError {
                throw CommandFailure(error, calling: PostingMethods.getDetailCode.name)
            }
        }
        guard !isThere else { return }
        let files = [
            (PostingMethods.importAccounts, DemoData.accounts),
            (PostingMethods.importDetailCodes, DemoData.detailCodes),
        ]
        for (method, file) in files {
            _ = try await session.call(
                .posting,
                method,
                params: Array(#"{"format":"csv"}"#.utf8),
                body: file,
                token: token
            )
        }
    }

    /// Whether auth-service still takes a key; an unreachable auth-service is an error, not a no.
    private func works(_ key: String) async throws -> Bool {
        do {
            let issued = try await session.token(key: key, scopes: DemoData.sourceScopes)
            return !issued.acceptedScopes.isEmpty
        } catch let failure as CommandFailure where failure.status == .refused {
            return false
        }
    }

    private func account(_ source: DemoData.Source, _ token: String) async throws {
        let scopes = source.scopes.map { JSONNode.string($0.rawValue) }
        let account = JSONNode(members: [
            ("account", .string(source.account)), ("scopes", .array(scopes)),
            ("active", .boolean(true)),
        ])
        _ = try await session.call(.auth, AuthMethods.putAccount, body: account.bytes, token: token)
        let approval = SourceRecord(
            sourceName: source.name,
            account: source.account,
            commitPolicy: "per_transaction"
        )
        _ = try await session.call(
            .auth,
            AuthMethods.putSource,
            body: approval.body.bytes,
            token: token
        )
    }

    private func newKey(for source: DemoData.Source, _ token: String) async throws -> String {
        let body = JSONNode(members: [
            ("account", .string(source.account)), ("note", .string("demo")),
        ])
        let reply = try await session.call(
            .auth,
            AuthMethods.createKey,
            body: body.bytes,
            token: token
        )
        guard let key = JSONNode(reply.bytes)?["key"]?.cell else {
            throw CommandFailure.trouble("\(AuthMethods.createKey.name): the answer has no key.")
        }
        return key
    }
}
