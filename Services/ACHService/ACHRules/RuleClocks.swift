package import Nacha

/// The last day for each answer that the rules put under a clock.
///
/// Every function takes the day on which the clock starts and gives the last day that is still
/// in time. Banking days are counted from the day after the start.
///
/// Source: design 3.6 and the clocks of 3.8. The latter marks several as general knowledge, so
/// the lengths are a deployment's to change: see ``Lengths``.
package struct RuleClocks: Hashable, Sendable {
    /// The length of every clock, the design's unless a deployment changes it.
    package struct Lengths: Hashable, Sendable {
        /// Banking days from an entry's settlement to the opening at which its return must be in.
        package var returned = 2

        /// Calendar days from settlement for an unauthorized consumer debit.
        package var unauthorized = 60

        /// Banking days from settlement in which the receiving bank may send a change.
        package var changeSent = 2

        /// Banking days from receipt in which the originator must apply a change.
        package var changeApplied = 6

        /// Banking days from a return's settlement in which it may be dishonoured.
        package var dishonored = 5

        /// Banking days from a dishonour's settlement in which it may be contested.
        package var contested = 2

        /// Banking days from the settlement of an entry in error in which it may be reversed.
        package var reversed = 5

        /// The rules as the design states them.
        package init() {}
    }

    /// The calendar that says which days are banking days.
    package let calendar: FederalReserveCalendar

    /// How long each clock runs.
    package let lengths: Lengths

    /// The clocks on a calendar.
    package init(
        calendar: FederalReserveCalendar = FederalReserveCalendar(),
        lengths: Lengths = Lengths()
    ) {
        self.calendar = calendar
        self.lengths = lengths
    }

    /// The banking day at whose opening an ordinary return must be with the originating bank.
    package func returnDue(settlement: CivilDate) -> CivilDate {
        calendar.adding(bankingDays: lengths.returned, to: settlement)
    }

    /// The banking day at whose opening the return of an unauthorized consumer debit must be in.
    ///
    /// It is the first banking day after the sixtieth calendar day from settlement.
    package func unauthorizedReturnDue(settlement: CivilDate) -> CivilDate {
        calendar.bankingDay(after: settlement.adding(days: lengths.unauthorized))
    }

    /// The last day for a return under a code; `start` is the settlement of what is returned.
    ///
    /// That is the original entry, the return that is dishonoured, or the dishonour that is
    /// contested, by the code's kind. Nil for a code that runs on no clock.
    package func due(_ code: ReturnCode, start: CivilDate) -> CivilDate? {
        switch (code.kind, code.timeFrame) {
        case (.dishonored, _): dishonorDue(settlement: start)
        case (.contested, _): contestDue(settlement: start)
        case (_, .calendarDays): unauthorizedReturnDue(settlement: start)
        case (_, .bankingDays): returnDue(settlement: start)
        case (_, .unlimited): nil
        }
    }

    /// The last banking day on which the receiving bank may send a notification of change.
    package func changeSentDue(settlement: CivilDate) -> CivilDate {
        calendar.adding(bankingDays: lengths.changeSent, to: settlement)
    }

    /// The last day for applying a change: 6 banking days, or the next entry if that is later.
    package func changeApplied(received: CivilDate, nextEntry: CivilDate?) -> CivilDate {
        let due = calendar.adding(bankingDays: lengths.changeApplied, to: received)
        return max(due, nextEntry ?? due)
    }

    /// The last banking day on which a return may be dishonoured.
    package func dishonorDue(settlement: CivilDate) -> CivilDate {
        calendar.adding(bankingDays: lengths.dishonored, to: settlement)
    }

    /// The last banking day on which a dishonour may be contested.
    package func contestDue(settlement: CivilDate) -> CivilDate {
        calendar.adding(bankingDays: lengths.contested, to: settlement)
    }

    /// The last banking day on which an entry in error may be reversed.
    package func reversalDue(settlement: CivilDate) -> CivilDate {
        calendar.adding(bankingDays: lengths.reversed, to: settlement)
    }
}
