import Bookkeeping
import Importing
import Identity
import JSON
import NIOCore
import NIOPosix
import Protocol
import ServiceRuntime
import ServiceStore
import Transport

/// What every method of posting-service needs.
struct PostingBindings: Sendable {
    let ledger: Ledger
    let threads: NIOThreadPool
    let workspaces: WorkspacePool
    let sourceIsKnown: @Sendable (String) -> Bool
    let board = ProgressBoard()

    var all: [AuthorizedBinding] {
        [
            .ledger(PostingMethods.postSet, postSet),
            .ledger(PostingMethods.withdrawSet, withdrawSet),
            .ledger(PostingMethods.setProgress, setProgress),
            .ledger(PostingMethods.anchor, anchor),
            .ledger(PostingMethods.getAccount, getAccount),
            .ledger(PostingMethods.accountLedger, accountLedger),
            .ledger(PostingMethods.getDetailCode, getDetailCode),
            .ledger(PostingMethods.trialBalance, trialBalance),
            .ledger(PostingMethods.importAccounts, importAccounts),
            .ledger(PostingMethods.importDetailCodes, importDetailCodes),
            .ledger(PostingMethods.exportEntries, exportEntries),
        ]
    }
}

// MARK: Sets

extension PostingBindings {
    /// Sets up to this size are read on the writer itself: no further thread is woken for them.
    static let smallSetBytes = 64 << 10

    private func postSet(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let parameters = try call.call.decodeParams(PostSetParameters.self)
        var pieces = call.call.body.makeAsyncIterator()
        var head = ByteBuffer()
        while let piece = try await pieces.next() {
            if head.readableBytes == 0 {
                head = piece
            } else {
                head.writeImmutableBuffer(piece)
            }
            if head.readableBytes > Self.smallSetBytes {
                return try await postLarge(parameters, head: head, rest: pieces)
            }
        }
        let result = try await ledger.post(
            parameters,
            body: head,
            sourceIsKnown: sourceIsKnown
        )
        return OutgoingReply(body: ByteBuffer(bytes: result))
    }

    /// Collects a set in a workspace and reads it on a thread of its own, so that the writer goes on
    /// with other sets meanwhile.
    private func postLarge(
        _ parameters: PostSetParameters,
        head: ByteBuffer,
        rest: RequestBody.AsyncIterator
    ) async throws -> OutgoingReply {
        let workspace = try await workspaces.take()
        defer { workspaces.give(back: workspace) }
        var pieces = rest
        var piece: ByteBuffer? = head
        workspace.clear()
        while let bytes = piece {
            guard workspace.append(bytes) else {
                throw workspace.tooLarge
            }
            piece = try await pieces.next()
        }
        let progress = board.begin(parameters.setID)
        defer { board.end(parameters.setID, progress) }
        let set = try await threads.runIfActive { ReadSet(workspace) }
        let result = try await ledger.post(
            parameters,
            read: set,
            progress: progress,
            sourceIsKnown: sourceIsKnown
        )
        return OutgoingReply(body: ByteBuffer(bytes: result))
    }

    private func withdrawSet(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let request = try await call.call.decode(WithdrawSetRequest.self)
        let held = try await ledger.withdraw(request.setID, digest: request.digest)
        let body = JSONWriter.object { json in
            json.member("withdrawn", held == nil)
            if let held { json.member("result", json: held) }
        }
        return OutgoingReply(body: ByteBuffer(bytes: body))
    }

    private func setProgress(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let request = try await call.call.decode(SetProgressRequest.self)
        let counts = board.counts(of: request.setIDs).map {
            SetCounts(
                setID: $0.setID,
                total: $0.counts.total,
                done: $0.counts.done,
                failed: $0.counts.failed
            )
        }
        return try .json(counts)
    }

    private func anchor(_ call: AuthorizedCall) async throws -> OutgoingReply {
        try .json(try await ledger.anchor())
    }
}

// MARK: Reads

extension PostingBindings {
    private func getAccount(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let request = try await call.call.decode(AccountRequest.self)
        guard let account = try await ledger.account(request.accountID) else {
            throw RPCError.notFound
        }
        return OutgoingReply(body: ByteBuffer(bytes: account.json))
    }

    private func accountLedger(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let request = try await call.call.decode(AccountRequest.self)
        let page = try await ledger.card(
            of: request.accountID,
            for: try call.requirePrincipal().account,
            pageSize: try PageSize.read(request.pagesize),
            continuation: request.continuationKey
        )
        guard let page else { throw RPCError.notFound }
        var metadata: [String: MetadataValue] = [:]
        if let next = page.next { metadata["continuation_key"] = .string(next) }
        return OutgoingReply(body: ByteBuffer(bytes: page.body), metadata: metadata)
    }

    private func getDetailCode(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let request = try await call.call.decode(DetailCodeRequest.self)
        guard let code = try await ledger.detailCode(request.detailCode) else {
            throw RPCError.notFound
        }
        return OutgoingReply(body: ByteBuffer(bytes: code.json))
    }

    private func trialBalance(_ call: AuthorizedCall) async throws -> OutgoingReply {
        OutgoingReply(body: ByteBuffer(bytes: try await ledger.trialBalance().json))
    }

    private func exportEntries(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let request = try await call.call.decode(ExportEntriesRequest.self)
        let limit = request.limit ?? PageLimits.defaultExportSize
        guard PageLimits.exportSizes.contains(limit) else {
            throw RPCError.invalid([
                .init(
                    field: "/limit",
                    code: "out_of_range",
                    message: "A limit is 1 to \(PageLimits.exportSizes.upperBound)."
                )
            ])
        }
        let page = try await ledger.export(after: max(0, request.after ?? 0), limit: limit)
        return OutgoingReply(
            body: ByteBuffer(bytes: page.body),
            metadata: [
                "last_entry_id": .integer(page.lastEntryID), "more": .boolean(page.more),
            ]
        )
    }
}

// MARK: Imports

extension PostingBindings {
    private func importAccounts(_ call: AuthorizedCall) async throws -> OutgoingReply {
        try await importFile(call, "accounts", AccountImport.records, ledger.importAccounts)
    }

    private func importDetailCodes(_ call: AuthorizedCall) async throws -> OutgoingReply {
        try await importFile(
            call,
            "detail_codes",
            DetailCodeImport.records,
            ledger.importDetailCodes
        )
    }

    /// Reads a file on a thread of its own, and writes it with its audit event.
    private func importFile<Record: Sendable>(
        _ call: AuthorizedCall,
        _ subject: String,
        _ read: @escaping @Sendable ([UInt8], ImportFormat) throws(RPCError) -> [Record],
        _ write: @Sendable ([Record], ImportAudit) async throws -> ImportResult
    ) async throws -> OutgoingReply {
        let format = try call.call.decodeParams(ImportRequest.self).format
        let body = try await call.call.body.collect()
        let event = call.event(subject: subject)
        let (records, audit) = try await threads.runIfActive {
            let file = Array(body.readableBytesView)
            return (try read(file, format), ImportAudit(event, file: file))
        }
        return try .json(try await write(records, audit))
    }
}
