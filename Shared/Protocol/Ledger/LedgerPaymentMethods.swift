import Identity

/// The methods of posting-service for payments: what batch-service has booked and fed, unscheduled
/// payments, reference data and the 90/10 report (seeds 000 and 002).
package enum LedgerPaymentMethods {
    package static let all: [MethodDescriptor] = [
        checkAccounts, checkChargeCode, applyPayments, postJournal, settleReservations, postPayment,
        voidPayment,
        report, importReference, getSettings, putSetting,
    ]

    // MARK: From batch-service

    package static let checkAccounts = fromBatch(
        "posting.accounts.check",
        "Whether payments may be entered for accounts.",
        changesMoney: false,
        request: "CheckAccounts",
        reply: "[AccountCheck]"
    )
    package static let checkChargeCode = fromBatch(
        "posting.detail_codes.check",
        "Whether charges may be booked under a detail code: it is active and of type charge.",
        changesMoney: false,
        request: "CheckChargeCode",
        reply: "ChargeCodeCheck"
    )
    package static let applyPayments = fromBatch(
        "posting.payments.apply",
        "Book payment operations, each once, all or none.",
        request: "ApplyPayments",
        reply: "AppliedPayments"
    )
    package static let postJournal = fromBatch(
        "posting.journal.post",
        "Feed payment batches to the general ledger in one balanced journal, once.",
        request: "PostJournal",
        reply: "PostedJournal"
    )
    package static let settleReservations = fromBatch(
        "posting.reservations.settle",
        "Which reservations have a booked payment; the others will never be booked.",
        request: "ReservationList",
        reply: "SettledReservations"
    )

    // MARK: Commands

    package static let postPayment = command(
        "posting.transactions.post_payment",
        "PostAccountTransactionPayment: an unscheduled payment tied to its fund source and award.",
        request: "the command's JSON, with or without its payload envelope (contract S2-8)"
    )
    package static let voidPayment = command(
        "posting.transactions.void_payment",
        "voidAccountTransactionPayment: reverse a whole payment, with a note.",
        request:
            "{studentAccountTransactionId, studentId, studentEnrollmentPeriodId, note, …}"
    )

    // MARK: Reports and reference data

    package static let report = MethodDescriptor(
        "posting.reports.ninety_ten",
        "Payments of a campus and fiscal year by fund source, federal and not, with findings.",
        callers: .edgeAndClients,
        authority: .scope(.reportsRead),
        maximumReplyBytes: 64 << 20,
        defaultTimeoutSeconds: 120,
        request: "{campus_id: string, fiscal_year: string, format?: json|csv}",
        reply: "the report; header document {content_type: string}"
    )
    package static let importReference = MethodDescriptor(
        "posting.reference.import",
        "Create or replace reference data from CSV or JSON, whole or not at all.",
        callers: .edgeAndClients,
        authority: .scope(.accountsWrite),
        maximumRequestBytes: 64 << 20,
        defaultTimeoutSeconds: 120,
        request: """
            params {kind: campuses|students|enrollment-periods|academic-years|fund-sources|banks|\
            bank-accounts|gl-periods, format: csv|json}; the file as body
            """,
        reply: "{imported: integer, created: integer, changed: integer}"
    )
    package static let getSettings = MethodDescriptor(
        "posting.settings.get",
        "Every setting of posting-service with its value.",
        callers: .edgeAndClients,
        authority: .scope(.batchesRead),
        request: "{}",
        reply: "[{name, value, description}]"
    )
    package static let putSetting = MethodDescriptor(
        "posting.settings.put",
        "Change one setting.",
        callers: .edgeAndClients,
        authority: .scope(.settingsWrite),
        request: "{name: string, value: string|number|boolean}",
        reply: "{name, value}"
    )

    private static func fromBatch(
        _ name: String,
        _ summary: String,
        changesMoney: Bool = true,
        request: String,
        reply: String
    ) -> MethodDescriptor {
        MethodDescriptor(
            name,
            summary,
            callers: .services([.batch]),
            authority: .scope(.postingTasksWrite),
            changesMoney: changesMoney,
            defaultTimeoutSeconds: 120,
            request: request,
            reply: reply
        )
    }

    private static func command(
        _ name: String,
        _ summary: String,
        request: String
    ) -> MethodDescriptor {
        MethodDescriptor(
            name,
            summary,
            callers: .edgeAndClients,
            authority: .scope(.studentPaymentsWrite),
            isIdempotent: false,
            changesMoney: true,
            maximumRequestBytes: 1 << 20,
            request: request,
            reply: "the response envelope; header document {http_status: integer}"
        )
    }
}
