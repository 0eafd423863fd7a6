package import Money

// What batch-service and posting-service tell each other about payments. Amounts are minor units.

/// What batch-service asks posting-service to book: the row of an outbox.
///
/// (`paymentID`, `kind`) is the idempotency key: the same again gives the entry of the first time, with
/// other content it is refused (`key_reused`).
package struct PaymentOperation: Codable, Sendable, Equatable {
    package enum Kind: String, Codable, Sendable {
        /// Book a payment; a reversal is a payment with a negative amount.
        case record
        /// Undo a payment that was deleted before it was posted.
        case withdraw
        /// Book a charge beside a reversal: the NSF fee; it feeds the general ledger by itself.
        case charge
    }

    package var paymentID: Int64
    package var kind: Kind
    package var batchID: Int64
    package var accountID: String
    /// What the account's balance goes down by; below zero for a reversal.
    ///
    /// For a charge, what the balance goes up by.
    package var amountMinorUnits: Int64
    package var paymentType: PaymentType
    /// Days since 1970.
    package var date: Int64
    package var description: String
    /// The entry that posting-service wrote itself before batch-service knew the payment.
    package var ledgerEntryID: Int64?
    /// The entry of the payment that this one reverses.
    package var reversesLedgerEntryID: Int64?
    /// Of a charge.
    package var detailCode: String?

    package init(
        paymentID: Int64,
        kind: Kind,
        batchID: Int64,
        accountID: String,
        amountMinorUnits: Int64,
        paymentType: PaymentType,
        date: Int64,
        description: String,
        ledgerEntryID: Int64? = nil,
        reversesLedgerEntryID: Int64? = nil,
        detailCode: String? = nil
    ) {
        self.paymentID = paymentID
        self.kind = kind
        self.batchID = batchID
        self.accountID = accountID
        self.amountMinorUnits = amountMinorUnits
        self.paymentType = paymentType
        self.date = date
        self.description = description
        self.ledgerEntryID = ledgerEntryID
        self.reversesLedgerEntryID = reversesLedgerEntryID
        self.detailCode = detailCode
    }
}

/// Body of `posting.payments.apply`.
package struct ApplyPayments: Codable, Sendable, Equatable {
    package var operations: [PaymentOperation]

    package init(operations: [PaymentOperation]) { self.operations = operations }
}

/// The entries of the operations, in their order.
package struct AppliedPayments: Codable, Sendable, Equatable {
    package var entryIDs: [Int64]

    package init(entryIDs: [Int64]) { self.entryIDs = entryIDs }
}

/// Body of `posting.accounts.check`.
package struct CheckAccounts: Codable, Sendable, Equatable {
    package var accountIDs: [String]

    package init(accountIDs: [String]) { self.accountIDs = accountIDs }
}

/// Whether payments may be entered for an account; one for each id asked, in order.
package struct AccountCheck: Codable, Sendable, Equatable {
    /// The canonical id; nil where there is no such account.
    package var accountID: String?
    package var inactive: Bool
    /// Blocks the entry of payments.
    package var alertCode: String?
    /// Warns only.
    package var warningCode: String?
    /// The balance that stood in the ledger: a payment that could lead it beyond what can be booked is
    /// refused before it is accepted.
    package var balanceMinorUnits: Int64

    package init(
        accountID: String?,
        inactive: Bool,
        alertCode: String?,
        warningCode: String?,
        balanceMinorUnits: Int64 = 0
    ) {
        self.accountID = accountID
        self.inactive = inactive
        self.alertCode = alertCode
        self.warningCode = warningCode
        self.balanceMinorUnits = balanceMinorUnits
    }
}

/// Body of `posting.detail_codes.check`.
package struct CheckChargeCode: Codable, Sendable, Equatable {
    package var detailCode: String

    package init(detailCode: String) { self.detailCode = detailCode }
}

/// Whether charges may be booked under the code.
package struct ChargeCodeCheck: Codable, Sendable, Equatable {
    package var usable: Bool

    package init(usable: Bool) { self.usable = usable }
}

/// Body of `posting.journal.post`: feed payment batches to the general ledger, all or none.
///
/// `runID` is the idempotency key; a batch is fed once, whatever run names it. A proof runs the same
/// statements and is undone.
package struct PostJournal: Codable, Sendable, Equatable {
    package struct Batch: Codable, Sendable, Equatable {
        package var batchID: Int64
        /// How many `record` and `withdraw` operations the ledger must hold for the batch, and what
        /// they add up to: one that is still on its way makes the run wait (`batch_incomplete`).
        package var operations: Int64
        package var totalMinorUnits: Int64

        package init(batchID: Int64, operations: Int64, totalMinorUnits: Int64) {
            self.batchID = batchID
            self.operations = operations
            self.totalMinorUnits = totalMinorUnits
        }
    }

    package var runID: Int64
    package var isProof: Bool
    package var batches: [Batch]
    /// Days since 1970; the period of this day must be open.
    package var glDate: Int64
    /// Post into a closed period: the poster's role allows it.
    package var overridesPeriod: Bool

    package init(
        runID: Int64,
        isProof: Bool,
        batches: [Batch],
        glDate: Int64,
        overridesPeriod: Bool
    ) {
        self.runID = runID
        self.isProof = isProof
        self.batches = batches
        self.glDate = glDate
        self.overridesPeriod = overridesPeriod
    }
}

/// A balanced GL journal; of a proof, what it would be.
package struct PostedJournal: Codable, Sendable, Equatable {
    package struct Line: Codable, Sendable, Equatable {
        package var glAccount: String
        package var debitMinorUnits: Int64
        package var creditMinorUnits: Int64

        package init(glAccount: String, debitMinorUnits: Int64, creditMinorUnits: Int64) {
            self.glAccount = glAccount
            self.debitMinorUnits = debitMinorUnits
            self.creditMinorUnits = creditMinorUnits
        }
    }

    /// Nil for a proof, and where every batch comes to zero.
    package var journalID: Int64?
    package var entries: Int64
    package var lines: [Line]
    /// The GL year and period of the journal, for example `2024/03`; nil where no periods are kept.
    package var period: String?

    package init(journalID: Int64?, entries: Int64, lines: [Line], period: String?) {
        self.journalID = journalID
        self.entries = entries
        self.lines = lines
        self.period = period
    }
}

/// What posting-service asks before it books an unscheduled payment: is the session open, is there
/// room below the restrict amount, is the cashier its cashier (contract S2-9, S2-21).
///
/// A reservation holds the amount until the payment arrives (`batch.payments.receive`) or is given
/// back (`batch.drawers.release`), so that many payments at once never pass the limit (fault T-08).
package struct ReserveDrawer: Codable, Sendable, Equatable {
    /// Made by posting-service; 32 hexadecimal digits.
    package var reservationID: String
    /// Only look: other faults refuse the payment anyway.
    package var isCheckOnly: Bool
    package var cashDrawerID: Int64?
    package var cashDrawerSessionID: Int64?
    package var cashierUserID: Int64?
    package var campusID: Int64?
    package var amountMinorUnits: Int64

    package init(
        reservationID: String,
        isCheckOnly: Bool,
        cashDrawerID: Int64?,
        cashDrawerSessionID: Int64?,
        cashierUserID: Int64?,
        campusID: Int64?,
        amountMinorUnits: Int64
    ) {
        self.reservationID = reservationID
        self.isCheckOnly = isCheckOnly
        self.cashDrawerID = cashDrawerID
        self.cashDrawerSessionID = cashDrawerSessionID
        self.cashierUserID = cashierUserID
        self.campusID = campusID
        self.amountMinorUnits = amountMinorUnits
    }
}

/// Nothing is reserved where there are faults; their `field` is the name of the request's property.
package struct DrawerReservation: Codable, Sendable, Equatable {
    package var faults: [RPCError.Detail]
    package var warnings: [RPCError.Detail]

    package init(faults: [RPCError.Detail], warnings: [RPCError.Detail]) {
        self.faults = faults
        self.warnings = warnings
    }
}

/// Reservations by their ids: to give back, or to ask after.
package struct ReservationList: Codable, Sendable, Equatable {
    package var reservationIDs: [String]

    package init(reservationIDs: [String]) { self.reservationIDs = reservationIDs }
}

/// The reservations whose payment is booked; the others never will be.
package struct SettledReservations: Codable, Sendable, Equatable {
    package var booked: [String]

    package init(booked: [String]) { self.booked = booked }
}

/// An unscheduled payment that posting-service has booked and batch-service now groups.
///
/// It goes into the open batch of (username, date); `ledgerEntryID` is the idempotency key.
package struct TransactionPayment: Codable, Sendable, Equatable {
    package var ledgerEntryID: Int64
    package var reservationID: String?
    package var username: String
    /// Days since 1970.
    package var date: Int64
    package var department: String
    package var accountID: String
    package var amountMinorUnits: Int64
    package var paymentType: PaymentType
    package var checkNumber: String?
    package var description: String
    package var cashDrawerID: Int64?
    package var cashDrawerSessionID: Int64?
    package var cashierUserID: Int64?
    package var studentAwardID: Int64
    /// The service account that sent the payment.
    package var enteredBy: String

    package init(
        ledgerEntryID: Int64,
        reservationID: String?,
        username: String,
        date: Int64,
        department: String,
        accountID: String,
        amountMinorUnits: Int64,
        paymentType: PaymentType,
        checkNumber: String?,
        description: String,
        cashDrawerID: Int64?,
        cashDrawerSessionID: Int64?,
        cashierUserID: Int64?,
        studentAwardID: Int64,
        enteredBy: String
    ) {
        self.ledgerEntryID = ledgerEntryID
        self.reservationID = reservationID
        self.username = username
        self.date = date
        self.department = department
        self.accountID = accountID
        self.amountMinorUnits = amountMinorUnits
        self.paymentType = paymentType
        self.checkNumber = checkNumber
        self.description = description
        self.cashDrawerID = cashDrawerID
        self.cashDrawerSessionID = cashDrawerSessionID
        self.cashierUserID = cashierUserID
        self.studentAwardID = studentAwardID
        self.enteredBy = enteredBy
    }
}

/// Body of `batch.payments.receive`.
package struct ReceivePayments: Codable, Sendable, Equatable {
    package var payments: [TransactionPayment]

    package init(payments: [TransactionPayment]) { self.payments = payments }
}

/// Where the payments went, in their order.
package struct ReceivedPayments: Codable, Sendable, Equatable {
    package struct Place: Codable, Sendable, Equatable {
        package var paymentID: Int64
        package var batchID: Int64

        package init(paymentID: Int64, batchID: Int64) {
            self.paymentID = paymentID
            self.batchID = batchID
        }
    }

    package var places: [Place]

    package init(places: [Place]) { self.places = places }
}

/// Body of `batch.payments.void`: reverse the payment of a ledger entry, in its batch before posting,
/// in a reversal batch after; `ledgerEntryID` is the idempotency key, because a payment is voided once.
package struct VoidPayment: Codable, Sendable, Equatable {
    package var ledgerEntryID: Int64
    package var note: String
    /// The service account that asked.
    package var actor: String
    package var requestID: String

    package init(ledgerEntryID: Int64, note: String, actor: String, requestID: String) {
        self.ledgerEntryID = ledgerEntryID
        self.note = note
        self.actor = actor
        self.requestID = requestID
    }
}

/// The reversal of a voided payment, booked in the ledger.
package struct VoidedPayment: Codable, Sendable, Equatable {
    package var reversalPaymentID: Int64
    package var batchID: Int64
    package var ledgerEntryID: Int64

    package init(reversalPaymentID: Int64, batchID: Int64, ledgerEntryID: Int64) {
        self.reversalPaymentID = reversalPaymentID
        self.batchID = batchID
        self.ledgerEntryID = ledgerEntryID
    }
}
