package import Nacha

/// The rules for the date on which an originator asks a batch to settle.
///
/// A file that arrives on a closed day is processed on the next banking day, and counts from
/// there. Debits may ask for 1 banking day after processing, credits for 1 or 2, and either for
/// the day itself (same-day entries, see ``SameDayWindows``).
///
/// Source: design 3.5 (Nacha Operating Rules 2013); a later date earns return code R18.
package struct EffectiveEntryDate: Hashable, Sendable {
    /// Which way the money moves; a batch with both is held to the rule of debits.
    package enum Direction: Hashable, Sendable, CaseIterable {
        case debit
        case credit
    }

    /// What becomes of the date that a batch asks for.
    package enum Outcome: Hashable, Sendable {
        /// The batch asks for the processing day: it must fit a same-day window.
        case sameDay(CivilDate)

        /// The batch settles on the day it asks for.
        case accepted(CivilDate)

        /// The day asked for is closed: the batch settles on the next banking day.
        case moved(CivilDate)

        /// Blank, no real date, or in the past: the operator inserts the next banking day.
        case inserted(CivilDate)

        /// Later than the rule allows: the batch is returned; `latest` would have been accepted.
        case tooLate(latest: CivilDate)

        /// The day on which the batch settles, nil when it does not.
        package var settlement: CivilDate? {
            switch self {
            case .sameDay(let day), .accepted(let day), .moved(let day), .inserted(let day): day
            case .tooLate: nil
            }
        }

        /// The return code that the date earns: R18 for one too late, else nil.
        package var returnCode: ReturnCode? {
            if case .tooLate = self { ReturnCode(number: 18) } else { nil }
        }
    }

    /// The calendar that says which days settle.
    package let calendar: FederalReserveCalendar

    /// The rules on a calendar.
    package init(calendar: FederalReserveCalendar = FederalReserveCalendar()) {
        self.calendar = calendar
    }

    /// The latest date a batch may ask for.
    package func latest(processing: CivilDate, direction: Direction) -> CivilDate {
        let day = calendar.bankingDay(onOrAfter: processing)
        return calendar.adding(bankingDays: direction == .debit ? 1 : 2, to: day)
    }

    /// The earliest date for a batch that is not same-day: the next banking day after processing.
    package func next(processing: CivilDate) -> CivilDate {
        calendar.bankingDay(after: calendar.bankingDay(onOrAfter: processing))
    }

    /// What becomes of the date a batch asks for; nil stands for a blank or impossible one.
    package func outcome(
        requested: CivilDate?,
        processing: CivilDate,
        direction: Direction
    ) -> Outcome {
        let today = calendar.bankingDay(onOrAfter: processing)
        guard let requested, requested >= processing else {
            return .inserted(next(processing: processing))
        }
        let day = calendar.bankingDay(onOrAfter: requested)
        let latest = latest(processing: processing, direction: direction)
        if day > latest { return .tooLate(latest: latest) }
        if day != requested { return .moved(day) }
        return day == today ? .sameDay(day) : .accepted(day)
    }
}
