package import Nacha

/// The wait between a prenote, the zero-amount trial of an account, and the first live entry.
///
/// Live entries may start on the third banking day after the prenote's settlement, if no return
/// and no notification of change had come by the opening of business on the second; otherwise
/// only after the correction.
///
/// Source: design 3.6 (which names a bank's page on prenotes).
package struct PrenoteWait: Hashable, Sendable {
    /// Whether live entries may follow a prenote.
    package enum Verdict: Hashable, Sendable {
        /// Live entries may settle from this day on.
        case live(from: CivilDate)

        /// The bank answered in time: correct the account first.
        case correctFirst
    }

    /// Banking days from the prenote's settlement to the first live settlement.
    package static let bankingDays = 3

    /// Banking days from the prenote's settlement to the day at whose opening silence is consent.
    package static let bankingDaysOfSilence = 2

    /// The calendar that says which days settle.
    package let calendar: FederalReserveCalendar

    /// The wait on a calendar.
    package init(calendar: FederalReserveCalendar = FederalReserveCalendar()) {
        self.calendar = calendar
    }

    /// The first day on which a live entry may settle when the bank stays silent.
    package func firstLiveDate(settlement: CivilDate) -> CivilDate {
        calendar.adding(bankingDays: Self.bankingDays, to: settlement)
    }

    /// The day at whose opening of business the bank's silence is taken as consent.
    package func silenceEnds(settlement: CivilDate) -> CivilDate {
        calendar.adding(bankingDays: Self.bankingDaysOfSilence, to: settlement)
    }

    /// Whether live entries may follow, given the day of the first return or change, if any.
    ///
    /// An answer of the very day at whose opening silence ends still counts as in time. A later
    /// answer does not undo the wait: it is a return or change like any other.
    package func verdict(settlement: CivilDate, firstAnswer: CivilDate?) -> Verdict {
        if let firstAnswer, firstAnswer <= silenceEnds(settlement: settlement) {
            return .correctFirst
        }
        return .live(from: firstLiveDate(settlement: settlement))
    }
}
