import Bookkeeping
import JSON
import ServiceStore
import Dates
import Identity
import LedgerRules
import Money
import Protocol
import Storage

/// One unscheduled payment on the writer: everything that it changes, in one transaction (contract
/// S2-5): the award, the ledger entry, the student's transaction, the hand-over, the audit event
/// and the answer under its idempotency key.
struct PaymentBooking: Sendable {
    let request: PaymentRequest
    let people: PaymentPeople
    let caller: CommandCaller
    let digest: [UInt8]
    /// Milliseconds since 1970.
    let time: Int64

    /// batch-service has given the reservation up; nothing was booked.
    struct ReservationIsRefused: Error {}

    struct Outcome: Sendable {
        var reply: KeyedReply
        /// Nil where the answer is that of an earlier call.
        var entryID: Int64?
    }

    func book(
        _ reservation: String?,
        _ warnings: [CommandFault],
        _ entries: inout EntryBooking,
        in transaction: WriteTransaction
    ) throws -> Outcome {
        if let known = try RequestKeys.answer(to: caller.key, in: transaction) {
            return Outcome(reply: known, entryID: nil)
        }
        if let reservation, try Reservations.isRefused(reservation, in: transaction) {
            throw ReservationIsRefused()
        }
        let checked = try checkedAgain(in: transaction)
        let row = try add(checked, reservation, to: &entries, in: transaction)
        try row.insert(in: transaction)
        try PaymentOutbox.add(
            handedOver(row, accountID: checked.student.accountID),
            in: transaction
        )
        let entity = row.json
        let reply = KeyedReply.accepted(entity, warnings: warnings)
        try RequestKeys.keep(reply, for: caller.key, at: time, in: transaction)
        let change = JSONWriter.objectText { json in
            json.member("before", json: nil)
            json.member("after", json: entity)
        }
        try AuditOutbox.add(
            caller.event("student_transaction \(row.entryID)", change),
            at: time,
            in: transaction
        )
        return Outcome(reply: reply, entryID: row.entryID)
    }
}

extension PaymentBooking {
    /// What the request names, with every fault excluded.
    private struct Checked {
        var student: PaymentReferences.Student
        var period: PaymentReferences.EnrollmentPeriod
        var bankAccount: PaymentReferences.BankAccount
    }

    /// Judges the request again by what is held now: it may have changed since it was read.
    private func checkedAgain(in transaction: ReadTransaction) throws -> Checked {
        let references = try PaymentReferences.read(request, in: transaction)
        let faults = PaymentRules(request, references, people).faults
        guard !faults.contains(where: { $0.severity == .error }), let student = references.student,
            let period = references.enrollmentPeriod, let account = references.bankAccount
        else { throw CommandRefusal(faults: faults) }
        return Checked(student: student, period: period, bankAccount: account)
    }

    private func add(
        _ checked: Checked,
        _ reservation: String?,
        to entries: inout EntryBooking,
        in transaction: WriteTransaction
    ) throws -> StudentTransaction {
        // The rules have seen every one of these.
        guard let sequence = request.academicYearSequence, let year = request.awardYear,
            let bank = request.bankAccountID, let description = request.description,
            let fund = request.fundSourceID, let type = request.paymentType,
            let academicYear = request.studentAcademicYearID,
            let period = request.studentEnrollmentPeriodID, let student = request.studentID,
            let amount = request.amount, let date = request.transactionDate
        else { preconditionFailure("a payment without a fault lacks a value") }
        let award = try StudentAwards.findOrMake(
            enrollmentPeriodID: period,
            fundSourceID: fund,
            awardYear: year.text,
            academicYearID: academicYear,
            in: transaction
        )
        try StudentAwards.add(amount, to: award, in: transaction)
        let entry = try entries.addPayment(
            onto: checked.student.accountID,
            amount: amount,
            date: date,
            description: description,
            cashAccount: checked.bankAccount.glAccount,
            digest: digest
        )
        guard let entry else { throw CommandRefusal.beyondBooking }
        let isCashiering = checked.period.isCashiering
        return StudentTransaction(
            entryID: entry,
            studentID: student,
            enrollmentPeriodID: period,
            academicYearID: academicYear,
            academicYearSequence: sequence,
            awardYear: year.text,
            fundSourceID: fund,
            awardID: award,
            bankAccountID: bank,
            campusID: checked.period.campusID,
            amount: amount,
            paymentType: type,
            checkNumber: request.checkNumber,
            description: description,
            date: date,
            termID: request.termID,
            // Without cashiering these are ignored, whatever was sent (contract A2-9).
            cashDrawerID: isCashiering ? request.cashDrawerID : nil,
            cashDrawerSessionID: isCashiering ? request.cashDrawerSessionID : nil,
            cashierUserID: isCashiering ? request.cashierUserID : nil,
            enteredBy: caller.account,
            reservationID: reservation,
            createdAt: time
        )
    }

    /// The payment as batch-service groups it: by the cashier, or without cashiering by the
    /// caller's own staff user (contract A2-17).
    private func handedOver(_ row: StudentTransaction, accountID: String) -> TransactionPayment {
        let user = row.cashierUserID == nil ? caller.staff : people.cashier
        return TransactionPayment(
            ledgerEntryID: row.entryID,
            reservationID: row.reservationID,
            username: user?.username ?? caller.account,
            date: Int64(row.date.daysSince1970),
            department: user?.department ?? "",
            accountID: accountID,
            amountMinorUnits: row.amount.minorUnits,
            paymentType: row.paymentType,
            checkNumber: row.checkNumber,
            description: row.description,
            cashDrawerID: row.cashDrawerID,
            cashDrawerSessionID: row.cashDrawerSessionID,
            cashierUserID: row.cashierUserID,
            studentAwardID: row.awardID,
            enteredBy: row.enteredBy
        )
    }
}
