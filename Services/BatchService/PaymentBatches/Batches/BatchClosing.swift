package import ServiceStore
internal import BatchRules
internal import Dates
internal import Identity
internal import JSON
internal import Protocol
internal import Storage

/// Closes batches (contract S0-11 to S0-15, A0-4 to A0-8).
package struct BatchClosing: Sendable {
    let parts: PaymentParts

    package init(_ parts: PaymentParts) { self.parts = parts }

    private struct Request: Sendable {
        enum Target: Sendable {
            case batch(Int64)
            case key(username: String, date: Int64)
        }

        var target: Target
        var depositNumber: String?
        var note: String
        var contentHash: String?

        init(_ body: [UInt8]) throws(RPCError) {
            var fields = try FieldReader.reading(body)
            let batchID = fields.identifier("batch_id")
            let isByNumber = fields.members.contains { $0.key == "batch_id" }
            let username = fields.string(
                "username",
                required: !isByNumber,
                maximumBytes: NewPayment.maximumUsernameBytes
            )
            let date = fields.day("date", required: !isByNumber)
            if isByNumber, username != nil || date != nil {
                fields.fail("batch_id", "excluded", "Either batch_id, or username and date.")
            }
            depositNumber = fields.string(
                "deposit_number",
                maximumBytes: NewPayment.maximumNumberBytes
            )
            note = fields.string("note") ?? ""
            contentHash = fields.string("content_hash", maximumBytes: 64)
            if isByNumber, batchID == nil, fields.faults.isEmpty {
                fields.fail("batch_id", "missing", "batch_id is null: give the batch's number.")
            }
            try fields.finish()
            if let batchID {
                target = .batch(batchID)
            } else if let username, let date {
                target = .key(username: username, date: Int64(date.daysSince1970))
            } else {
                preconditionFailure("a required member is absent without a fault")
            }
        }
    }

    /// Closes the batch, or says where it stands when it is closed already (`batch.batches.close`).
    ///
    /// - Throws: `NotPermitted` for who has neither made it nor posts everybody's; 409 where it is
    ///   empty; `ruleBroken` where the closer's role asks for a deposit number.
    package func close(_ body: [UInt8], by caller: PaymentCaller) async throws -> KeyedReply {
        let now = parts.environment.now
        return try await parts.keyed(caller) {
            try Request(body)
        } change: { request, transaction in
            let changing = BatchChanging(
                caller: caller,
                note: request.note,
                now: now(),
                transaction: transaction
            )
            return try Self.close(request, changing)
        }
    }

    private static func close(
        _ request: Request,
        _ changing: BatchChanging
    ) throws -> KeyedReply {
        guard var batch = try find(request.target, in: changing.transaction) else {
            throw RPCError.notFound
        }
        let caller = changing.caller
        guard batch.isCreated(by: caller) || caller.role.postingLevel == .all else {
            throw NotPermitted("not_creator", subject: batch.subject)
        }
        let setting = try WorkflowSetting.load(in: changing.transaction)
        let target = CloseRule.target(
            permission: caller.role.releaseBatchStatus,
            workflowInUse: setting.isEnabled
        )
        let before = batch
        switch batch.machine.closed(to: target, isEmpty: batch.isEmpty) {
        case .alreadyClosed:
            return KeyedReply(body: batch.standing)
        case .refused:
            throw before.illegal("close")
        case .empty:
            throw before.illegal("close", because: "it holds no payment.")
        case .moved:
            break
        }
        try before.require(contentHash: request.contentHash, for: "close")
        try batch.fill(department: nil, depositNumber: request.depositNumber)
        try requireDeposit(batch, caller)
        batch.closedBy = caller.account
        batch.closedAt = changing.now
        if batch.machine.status == .released {
            batch.releasedBy = caller.account
            batch.releasedAt = changing.now
        }
        try changing.record("close", batch, from: before.machine.status)
        if batch.machine.status == .workflow { try changing.startWorkflow(&batch, setting) }
        return try changing.finish(&batch, from: before.machine.status)
    }

    private static func requireDeposit(_ batch: BatchRow, _ caller: PaymentCaller) throws {
        guard
            DepositNumbers.isMissing(
                batch.depositNumber,
                at: .close,
                policy: caller.role.depositNumbers
            )
        else { return }
        throw RPCError.ruleBroken([
            RPCError.Detail(
                field: "/deposit_number",
                code: "missing",
                message: "Your role closes batches with a deposit number only: send deposit_number."
            )
        ])
    }

    /// The open batch of a key, else the newest that was closed: a vendor knows its key only.
    private static func find(
        _ target: Request.Target,
        in transaction: WriteTransaction
    ) throws -> BatchRow? {
        switch target {
        case .batch(let id):
            return try BatchRow.load(id, in: transaction)
        case .key(let username, let date):
            let open = try BatchRow.open(
                .payment,
                username: username,
                entryDate: date,
                in: transaction
            )
            if let open { return open }
            return try transaction.first(
                """
                SELECT \(BatchRow.columns) FROM payment_batch
                WHERE kind = 'payment' AND username = ?1 AND entry_date = ?2 AND step > 10
                ORDER BY id DESC LIMIT 1
                """,
                [.text(username), .integer(date)]
            ) { BatchRow($0) }
        }
    }
}
