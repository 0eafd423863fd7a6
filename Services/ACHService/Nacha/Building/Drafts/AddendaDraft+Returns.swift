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
        builder.reason(
            "return_reason_code",
            reason,
            [.return, .gateway],
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
        builder.reason(
            "dishonored_return_reason_code",
            reason,
            [.dishonored],
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
        builder.reason(
            "contested_return_code",
            reason,
            [.contested],
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
