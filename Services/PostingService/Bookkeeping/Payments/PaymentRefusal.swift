import Protocol

/// Why a payment operation cannot be booked: each names the payment.
enum PaymentRefusal {
    /// The operation's key stands for another content.
    static func keyReused(_ operation: PaymentOperation) -> RPCError {
        error(
            "key_reused",
            operation,
            "was told with other content before: the same again is needed."
        )
    }

    static func unknownAccount(_ operation: PaymentOperation) -> RPCError {
        error(
            "account_unknown",
            operation,
            "names account \(operation.accountID), which does not exist: import it."
        )
    }

    static func unknownEntry(_ id: Int64, _ operation: PaymentOperation) -> RPCError {
        error("entry_unknown", operation, "names ledger entry \(id), which is no payment's.")
    }

    /// There is nothing that could be withdrawn.
    static func missingRecord(_ operation: PaymentOperation) -> RPCError {
        error("record_missing", operation, "is not recorded: record it before it is withdrawn.")
    }

    /// What the ledger holds of the payment is something else.
    static func differs(_ row: PaymentRow, _ operation: PaymentOperation) -> RPCError {
        error(
            "record_differs",
            operation,
            "differs in account or amount from ledger entry \(row.entryID)."
        )
    }

    static func unusableCode(_ operation: PaymentOperation) -> RPCError {
        error(
            "detail_code_unusable",
            operation,
            "is charged under \(operation.detailCode ?? "no detail code"): an active detail code "
                + "of type charge is needed."
        )
    }

    static func balanceOutOfRange(_ operation: PaymentOperation) -> RPCError {
        error(
            "balance_out_of_range",
            operation,
            "takes the balance of account \(operation.accountID) beyond what can be booked."
        )
    }

    static func alreadyPosted(_ operation: PaymentOperation, by runID: Int64) -> RPCError {
        error(
            "already_posted",
            operation,
            "is of batch \(operation.batchID), which journal run \(runID) has posted."
        )
    }

    private static func error(
        _ reason: String,
        _ operation: PaymentOperation,
        _ text: String
    ) -> RPCError {
        RPCError(
            .failedPrecondition,
            reason: reason,
            message: "Payment \(operation.paymentID) (\(operation.kind.rawValue)) \(text)"
        )
    }
}
