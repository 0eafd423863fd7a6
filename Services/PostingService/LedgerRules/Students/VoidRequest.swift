/// What a request to void a payment says (contract 3b, "Void").
package struct VoidRequest: Sendable {
    package var transactionID: Int64?
    package var studentID: Int64?
    package var studentEnrollmentPeriodID: Int64?
    package var note: String?
    package private(set) var faults: [CommandFault] = []
    /// Properties that were passed over, to be logged.
    package private(set) var ignored: [String] = []

    package init(_ members: [(name: String, value: PropertyValue)]) {
        var reader = PropertyReader(members)
        transactionID = reader.number("studentAccountTransactionId", required: true)
        studentID = reader.number("studentId", required: true)
        studentEnrollmentPeriodID = reader.number("studentEnrollmentPeriodId", required: true)
        note = reader.text("note", required: true)
        // Refunds and forms 1098-T are not kept here: both are taken and change nothing.
        _ = reader.truth("continueIfAmountLessThanRefund")
        _ = reader.truth("isPreviousYear")
        reader.finish(ignoring: PublishedEntity.unusedProperties)
        faults = reader.faults
        ignored = reader.ignored
    }
}

/// What is held of the transaction that a request would void.
package struct VoidableTransaction: Sendable, Hashable {
    package var studentID: Int64
    package var studentEnrollmentPeriodID: Int64
    package var isReversal: Bool
    package var isVoided: Bool

    package init(
        studentID: Int64,
        studentEnrollmentPeriodID: Int64,
        isReversal: Bool,
        isVoided: Bool
    ) {
        self.studentID = studentID
        self.studentEnrollmentPeriodID = studentEnrollmentPeriodID
        self.isReversal = isReversal
        self.isVoided = isVoided
    }
}

extension VoidRequest {
    /// Every fault of the request, with what is held of its transaction; nil where nothing is.
    package func faults(_ held: VoidableTransaction?) -> [CommandFault] {
        guard let id = transactionID else { return faults }
        let property = "studentAccountTransactionId"
        guard let held else {
            return faults + [
                .init(
                    property,
                    "unknown_transaction",
                    "StudentAccountTransactionId \(id) is no payment that was posted here."
                )
            ]
        }
        var faults = faults
        if let student = studentID, student != held.studentID {
            faults.append(
                .init(
                    "studentId",
                    "transaction_of_other_student",
                    "StudentAccountTransactionId \(id) is not of StudentId \(student)."
                )
            )
        }
        if let period = studentEnrollmentPeriodID, period != held.studentEnrollmentPeriodID {
            faults.append(
                .init(
                    "studentEnrollmentPeriodId",
                    "transaction_of_other_period",
                    "StudentAccountTransactionId \(id) is not of StudentEnrollmentPeriodId "
                        + "\(period)."
                )
            )
        }
        if held.isReversal {
            faults.append(
                .init(
                    property,
                    "transaction_is_reversal",
                    "StudentAccountTransactionId \(id) is itself a reversal."
                )
            )
        }
        if held.isVoided { faults.append(.alreadyVoided(id)) }
        return faults
    }
}

extension CommandFault {
    package static func alreadyVoided(_ transactionID: Int64) -> CommandFault {
        CommandFault(
            "studentAccountTransactionId",
            "already_voided",
            "StudentAccountTransactionId \(transactionID) is voided already."
        )
    }

    package static func beingVoided(_ transactionID: Int64) -> CommandFault {
        CommandFault(
            "studentAccountTransactionId",
            "being_voided",
            "StudentAccountTransactionId \(transactionID) is being voided by another call."
        )
    }
}
