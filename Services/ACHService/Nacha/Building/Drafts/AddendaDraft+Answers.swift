/// Which entry an answer is about: its trace number and the bank that received it.
package struct OriginalEntry: Hashable, Sendable {
    package var trace: TraceNumber
    package var receivingBank: RoutingNumber

    package init(trace: TraceNumber, receivingBank: RoutingNumber) {
        self.trace = trace
        self.receivingBank = receivingBank
    }

    fileprivate func write(to builder: inout RecordBuilder) {
        builder.number("original_trace_number", trace.number)
        builder.number("original_receiving_dfi", UInt64(receivingBank.identification))
    }
}

/// A return that is answered: its trace number, the day of the year on which it settled, its reason.
package struct AnsweredReturn: Hashable, Sendable {
    package var trace: TraceNumber
    /// 1 to 366.
    package var settlementDay: Int
    package var reason: ReturnCode

    package init(trace: TraceNumber, settlementDay: Int, reason: ReturnCode) {
        self.trace = trace
        self.settlementDay = settlementDay
        self.reason = reason
    }

    /// Writes the three; of the reason only its two digits are.
    fileprivate func write(_ answer: String, to builder: inout RecordBuilder) {
        builder.number(answer + "_trace_number", trace.number)
        builder.dayOfYear(answer + "_settlement_date", settlementDay)
        builder.text(
            answer + "_reason_code",
            DecimalText.digits(UInt64(reason.number), count: 2)
        )
    }
}

/// A correction that a bank sends: addenda 98.
package struct ChangeDraft: Hashable, Sendable {
    /// C01 to C14.
    package var code: ChangeCode
    package var original: OriginalEntry
    /// The field as it is laid out for its code, up to 29 characters, 35 for IAT (`CorrectedData`).
    package var correctedData: String

    package init(code: ChangeCode, original: OriginalEntry, correctedData: String) {
        self.code = code
        self.original = original
        self.correctedData = correctedData
    }

    func write(to builder: inout RecordBuilder) {
        builder.code("change_code", code.text, isAllowed: !code.isRefusal, "a change, C01 to C14")
        original.write(to: &builder)
        let bytes = correctedData.utf8
        guard bytes.count <= 35 else {
            builder.note(.textTooLong(field: "corrected_data", value: correctedData, limit: 35))
            return
        }
        builder.text(
            "corrected_data",
            String(decoding: bytes.prefix(29), as: UTF8.self),
            isRequired: true
        )
        builder.text(
            "corrected_data_continued",
            String(decoding: bytes.dropFirst(29), as: UTF8.self)
        )
    }
}

/// A correction that the originating bank refuses: addenda 98.
package struct RefusedChangeDraft: Hashable, Sendable {
    /// C61 to C69.
    package var code: ChangeCode
    package var original: OriginalEntry
    package var correctedData: String
    /// The code of the change that is refused.
    package var changeCode: ChangeCode
    /// The last seven digits of its trace number.
    package var changeSequence: UInt32

    package init(
        code: ChangeCode,
        original: OriginalEntry,
        correctedData: String,
        changeCode: ChangeCode,
        changeSequence: UInt32
    ) {
        self.code = code
        self.original = original
        self.correctedData = correctedData
        self.changeCode = changeCode
        self.changeSequence = changeSequence
    }

    func write(to builder: inout RecordBuilder) {
        builder.code(
            "refused_change_code",
            code.text,
            isAllowed: code.isRefusal,
            "a refusal, C61 to C69"
        )
        original.write(to: &builder)
        builder.text("corrected_data", correctedData, isRequired: true)
        builder.code(
            "change_code",
            changeCode.text,
            isAllowed: !changeCode.isRefusal,
            "a change, C01 to C14"
        )
        builder.number("trace_sequence_number", UInt64(changeSequence))
    }
}

/// An entry that comes back: addenda 99.
package struct ReturnDraft: Hashable, Sendable {
    package var reason: ReturnCode
    package var original: OriginalEntry
    /// For R14 and R15.
    package var dateOfDeath: CivilDate?
    package var information: String

    package init(
        reason: ReturnCode,
        original: OriginalEntry,
        dateOfDeath: CivilDate? = nil,
        information: String = ""
    ) {
        self.reason = reason
        self.original = original
        self.dateOfDeath = dateOfDeath
        self.information = information
    }

    func write(to builder: inout RecordBuilder) {
        builder.code(
            "return_reason_code",
            reason.text,
            isAllowed: reason.kind == .return || reason.kind == .gateway,
            "a return, R01 to R53 or R80 to R90"
        )
        original.write(to: &builder)
        if let dateOfDeath { builder.date("date_of_death", dateOfDeath) }
        builder.text("addenda_information", information)
    }
}

/// A return that the originating bank dishonors: addenda 99.
package struct DishonoredReturnDraft: Hashable, Sendable {
    /// R61 to R70.
    package var reason: ReturnCode
    package var original: OriginalEntry
    package var answered: AnsweredReturn
    package var information: String

    package init(
        reason: ReturnCode,
        original: OriginalEntry,
        answered: AnsweredReturn,
        information: String = ""
    ) {
        self.reason = reason
        self.original = original
        self.answered = answered
        self.information = information
    }

    func write(to builder: inout RecordBuilder) {
        builder.code(
            "dishonored_return_reason_code",
            reason.text,
            isAllowed: reason.kind == .dishonored,
            "a dishonor, R61 to R70"
        )
        original.write(to: &builder)
        answered.write("return", to: &builder)
        builder.text("addenda_information", information)
    }
}

/// A dishonor that the receiving bank contests: addenda 99.
package struct ContestedReturnDraft: Hashable, Sendable {
    /// R71 to R77.
    package var reason: ReturnCode
    package var original: OriginalEntry
    /// When the original entry came back; blank where it is nil.
    package var dateReturned: CivilDate?
    /// The day of the year on which the original entry settled; blank where it is nil.
    package var originalSettlementDay: Int?
    package var answered: AnsweredReturn
    package var dishonored: AnsweredReturn

    package init(
        reason: ReturnCode,
        original: OriginalEntry,
        dateReturned: CivilDate?,
        originalSettlementDay: Int?,
        answered: AnsweredReturn,
        dishonored: AnsweredReturn
    ) {
        self.reason = reason
        self.original = original
        self.dateReturned = dateReturned
        self.originalSettlementDay = originalSettlementDay
        self.answered = answered
        self.dishonored = dishonored
    }

    func write(to builder: inout RecordBuilder) {
        builder.code(
            "contested_return_code",
            reason.text,
            isAllowed: reason.kind == .contested,
            "a contest, R71 to R77"
        )
        original.write(to: &builder)
        if let dateReturned { builder.date("date_original_entry_returned", dateReturned) }
        if let originalSettlementDay {
            builder.dayOfYear("original_settlement_date", originalSettlementDay)
        }
        answered.write("return", to: &builder)
        dishonored.write("dishonored_return", to: &builder)
    }
}

extension RecordBuilder {
    /// Writes a reason code where it is one of those that the record may bear.
    fileprivate mutating func code(
        _ name: String,
        _ text: String,
        isAllowed: Bool,
        _ form: String
    ) {
        if isAllowed {
            self.text(name, text)
        } else {
            note(.wrongForm(field: name, value: text, form: form))
        }
    }
}
