import Bookkeeping
import Crypto
import Identity
import LedgerRules
import Logging
import Money
import Protocol
import ServiceStore
import Storage

/// What the commands on student account transactions work with.
struct StudentCommands: Sendable {
    let ledger: Ledger
    let batches: any BatchPayments
    let handover: PaymentHandover
    /// The active staff user of a number.
    let staff: @Sendable (Int64) -> StaffUser?
    let now: @Sendable () -> Int64
    let logger: Logger

    /// How long an answer waits for batch-service, so that a reader finds the payment in its batch.
    static let deliveryMilliseconds: Int64 = 250
    /// How often a payment is tried with a new reservation, where batch-service gave the one before
    /// up.
    static let maximumReservations = 3
}

extension StudentCommands {
    /// `PostAccountTransactionPayment`: books an unscheduled payment, tied to its fund source and
    /// award (contract S2-3 to S2-23).
    ///
    /// Everything that is wrong with the request is told at once, and nothing is written then.
    func postPayment(_ body: [UInt8], _ caller: CommandCaller) async throws -> KeyedReply {
        guard caller.role.tasks.contains(.newTransaction) else {
            caller.refuse("missing_task")
            return .forbidden
        }
        if let known = try await ledger.store.answer(to: caller.key) { return known }
        do {
            let request = PaymentRequest(try CommandBody.members(body))
            note(request.ignored, caller)
            let references = try await ledger.store.read {
                try PaymentReferences.read(request, in: $0)
            }
            let people = PaymentPeople(
                caller: caller.staff,
                actsForOthers: caller.role.actsForOthers,
                cashier: request.cashierUserID.flatMap(staff)
            )
            return try await post(
                PaymentRules(request, references, people),
                PaymentBooking(
                    request: request,
                    people: people,
                    caller: caller,
                    digest: SHA256.digest(body),
                    time: now()
                )
            )
        } catch let refusal as CommandRefusal {
            if refusal.faults.contains(where: { $0.code == PaymentRules.anotherCashier }) {
                caller.refuse(PaymentRules.anotherCashier)
            }
            return .refused(refusal.faults)
        }
    }

    private func post(
        _ rules: PaymentRules,
        _ booking: PaymentBooking
    ) async throws -> KeyedReply {
        for _ in 0..<Self.maximumReservations {
            let (reservation, faults) = try await reserve(rules)
            guard !faults.contains(where: { $0.severity == .error }) else {
                throw CommandRefusal(faults: faults)
            }
            do {
                let outcome = try await book(booking, reservation, warnings: faults)
                if outcome.entryID == nil { await giveBack(reservation) }
                if let entryID = outcome.entryID {
                    await handover.deliver(entryID, milliseconds: Self.deliveryMilliseconds)
                }
                return outcome.reply
            } catch is PaymentBooking.ReservationIsRefused {
                continue
            } catch {
                await giveBack(reservation)
                throw error
            }
        }
        throw RPCError.unavailable("The cash drawer's reservation was given up: try again.")
    }

    private func book(
        _ booking: PaymentBooking,
        _ reservation: String?,
        warnings: [CommandFault]
    ) async throws -> PaymentBooking.Outcome {
        try await ledger.book { transaction, entries in
            try booking.book(reservation, warnings, &entries, in: transaction)
        }
    }

    /// Logs what clients send for the published entity and nobody reads (contract A2-18).
    func note(_ ignored: [String], _ caller: CommandCaller) {
        guard !ignored.isEmpty else { return }
        logger.info(
            "properties of a command were ignored",
            metadata: [
                "properties": "\(ignored.prefix(50).joined(separator: " "))",
                "request_id": "\(caller.requestID)",
            ]
        )
    }
}

// MARK: - The drawer

extension StudentCommands {
    /// Holds room in the drawer where cashiering asks for it; the reservation's id, and every fault
    /// and warning so far.
    ///
    /// Where the request is refused anyway the drawer is only looked at, for its faults.
    private func reserve(
        _ rules: PaymentRules
    ) async throws -> (reservation: String?, faults: [CommandFault]) {
        let faults = rules.faults
        let isRefused = faults.contains { $0.severity == .error }
        let request = rules.request
        let (drawer, session) = (request.cashDrawerID, request.cashDrawerSessionID)
        guard rules.isCashiering, drawer != nil || session != nil else { return (nil, faults) }
        let id = Hexadecimal.encode(RandomBytes.make(16))
        do {
            let reserved = try await batches.reserve(
                ReserveDrawer(
                    reservationID: id,
                    isCheckOnly: isRefused,
                    cashDrawerID: drawer,
                    cashDrawerSessionID: session,
                    cashierUserID: rules.judgeableCashier,
                    campusID: rules.references.enrollmentPeriod?.campusID,
                    // An amount that cannot be read asks for the least room.
                    amountMinorUnits: request.amount?.minorUnits ?? 1
                )
            )
            let found =
                reserved.faults.map { CommandFault($0, .error) }
                + reserved.warnings.map { CommandFault($0, .warning) }
            return (isRefused ? nil : id, rules.faults(withDrawer: found))
        } catch let error as RPCError where isRefused {
            logger.info("a drawer could not be looked at", metadata: ["error": "\(error)"])
            return (nil, faults)
        }
    }

    /// Gives a reservation back that no payment came to; batch-service asks after those that it
    /// does not hear of.
    private func giveBack(_ reservation: String?) async {
        guard let reservation else { return }
        do {
            try await batches.release(ReservationList(reservationIDs: [reservation]))
        } catch {
            logger.info("a reservation waits to be settled", metadata: ["error": "\(error)"])
        }
    }
}

extension CommandFault {
    /// What batch-service found; its `field` is the property's name.
    fileprivate init(_ detail: RPCError.Detail, _ severity: Severity) {
        let name = detail.field.split(separator: "/").last.map(String.init) ?? ""
        self.init(
            PropertyReader.camelCase(name),
            detail.code,
            detail.message,
            severity: severity
        )
    }
}
