import Dates
import LedgerRules
import Protocol

/// Why payment batches are not fed to the general ledger; nothing of the run was kept.
enum JournalRefusal {
    static func keyReused(_ runID: Int64) -> RPCError {
        RPCError(
            .failedPrecondition,
            reason: "key_reused",
            message: "Journal run \(runID) was posted with other content."
        )
    }

    static func alreadyPosted(_ batchID: Int64, by runID: Int64) -> RPCError {
        RPCError(
            .failedPrecondition,
            reason: "already_posted",
            message: "Payment batch \(batchID) was posted by journal run \(runID)."
        )
    }

    /// Worth trying again: operations may be on their way.
    static func incomplete(_ batches: [(expected: PostJournal.Batch, held: BatchNet)]) -> RPCError {
        let details = batches.map { expected, held in
            RPCError.Detail(
                field: "/batches/\(expected.batchID)",
                code: "batch_incomplete",
                message: "The ledger holds \(held.entries) entries of batch \(expected.batchID) "
                    + "that come to \(WideTotal(held.total).fixedDecimal); "
                    + "\(expected.operations) that come to "
                    + "\(WideTotal(Int128(expected.totalMinorUnits)).fixedDecimal) are expected."
            )
        }
        return RPCError(
            .failedPrecondition,
            reason: "batch_incomplete",
            message: details.map(\.message).joined(separator: " ")
                + " Try again when their operations have arrived.",
            details: details,
            retryAfterMilliseconds: 200
        )
    }

    static func outsidePeriods(_ day: CalendarDay) -> RPCError {
        periodClosed("\(day.text) is in no GL period: import one, or override posting periods.")
    }

    static func closed(_ period: GLPeriod, _ day: CalendarDay) -> RPCError {
        periodClosed(
            "\(day.text) is in GL period \(period.name), which is closed: open it, choose another "
                + "GL date, or override posting periods."
        )
    }

    static let outOfRange = RPCError(
        .failedPrecondition,
        reason: "amount_out_of_range",
        message: "The batches come to more than one journal holds: post fewer at a time."
    )

    private static func periodClosed(_ message: String) -> RPCError {
        RPCError(.failedPrecondition, reason: "period_closed", message: message)
    }
}
