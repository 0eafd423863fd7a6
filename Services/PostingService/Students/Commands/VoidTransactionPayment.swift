import Bookkeeping
import JSON
import ServiceStore
import Identity
import LedgerRules
import Protocol
import Storage

extension StudentCommands {
    /// `voidAccountTransactionPayment`: reverses a whole payment, with a note (contract 3b,
    /// "Void").
    ///
    /// batch-service decides between this and what else may undo the payment; the reversing
    /// transaction is in the ledger when it answers. A call that was cut off goes on where it was
    /// when it comes again with its idempotency key.
    func voidPayment(_ body: [UInt8], _ caller: CommandCaller) async throws -> KeyedReply {
        guard caller.role.tasks.contains(.editTransaction) else {
            caller.refuse("missing_task")
            return .forbidden
        }
        if let known = try await ledger.store.answer(to: caller.key) { return known }
        do {
            let request = VoidRequest(try CommandBody.members(body))
            note(request.ignored, caller)
            let claim = try await claimed(request, caller.key)
            let voided = try await void(claim, request.note ?? "", caller)
            return try await answer(voided, claim, request, caller)
        } catch let refusal as CommandRefusal {
            return .refused(refusal.faults)
        }
    }

    /// The claim on the transaction to void, where nothing speaks against it.
    private func claimed(
        _ request: VoidRequest,
        _ key: RequestKey?
    ) async throws -> VoidClaim {
        let time = now()
        return try await ledger.store.write { transaction in
            let held = try request.transactionID.flatMap {
                try StudentTransaction.read($0, in: transaction)
            }
            guard let held else { throw CommandRefusal(faults: request.faults(nil)) }
            var claim = VoidClaim(held.entryID, key)
            let faults = request.faults(
                VoidableTransaction(
                    studentID: held.studentID,
                    studentEnrollmentPeriodID: held.enrollmentPeriodID,
                    isReversal: held.reversesEntry != nil,
                    isVoided: try claim.seesVoided(in: transaction)
                )
            )
            guard faults.isEmpty else { throw CommandRefusal(faults: faults) }
            try claim.take(at: time, in: transaction)
            return claim
        }
    }

    /// Has batch-service void the payment; a claim to which nothing has happened is dropped.
    private func void(
        _ claim: VoidClaim,
        _ note: String,
        _ caller: CommandCaller
    ) async throws -> VoidedPayment {
        do {
            try await handover.handOver(claim.entryID)
            return try await askToVoid(claim.entryID, note, caller)
        } catch let refusal as CommandRefusal {
            try await ledger.store.write { try claim.drop(in: $0) }
            throw refusal
        } catch let error as RPCError where error.retry != .sameKey && !claim.isResumed {
            try await ledger.store.write { try claim.drop(in: $0) }
            throw error
        }
    }

    private func askToVoid(
        _ entryID: Int64,
        _ note: String,
        _ caller: CommandCaller
    ) async throws -> VoidedPayment {
        do {
            return try await batches.void(
                VoidPayment(
                    ledgerEntryID: entryID,
                    note: note,
                    actor: caller.account,
                    requestID: caller.requestID
                )
            )
        } catch let error as RPCError where error.status == .failedPrecondition {
            // Somebody else was first, or its batch does not let it go now.
            let property = "studentAccountTransactionId"
            guard error.details.isEmpty else {
                throw CommandRefusal(
                    faults: error.details.map { CommandFault(property, $0.code, $0.message) }
                )
            }
            throw CommandRefusal(faults: [CommandFault(property, error.reason, error.message)])
        }
    }

    private func answer(
        _ voided: VoidedPayment,
        _ claim: VoidClaim,
        _ request: VoidRequest,
        _ caller: CommandCaller
    ) async throws -> KeyedReply {
        let time = now()
        return try await ledger.store.write { transaction in
            if let known = try RequestKeys.answer(to: caller.key, in: transaction) { return known }
            guard
                let row = try StudentTransaction.read(voided.ledgerEntryID, in: transaction),
                row.reversesEntry == claim.entryID
            else { throw LedgerFault.entryIsMissing(voided.ledgerEntryID) }
            let entity = row.json
            let reply = KeyedReply.accepted(entity, warnings: [])
            try RequestKeys.keep(reply, for: caller.key, at: time, in: transaction)
            try claim.end(in: transaction)
            let change = JSONWriter.objectText { json in
                json.member("note", request.note ?? "")
                json.member("after", json: entity)
            }
            try AuditOutbox.add(
                caller.event("student_transaction \(claim.entryID)", change),
                at: time,
                in: transaction
            )
            return reply
        }
    }
}
