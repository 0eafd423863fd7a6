/// The banking days of the Federal Reserve: every weekday that is not a closing.
///
/// Holidays come from a rule, for any year (see ``FederalHoliday``); a deployment may add days
/// of its own, such as a day of mourning or the close of its own bank.
///
/// Source: design 3.5.
package struct FederalReserveCalendar: Hashable, Sendable {
    /// A weekday on which nothing settles, with the reason people know it by.
    package struct Closing: Hashable, Sendable {
        /// The closed day, never a Saturday or Sunday unless a deployment added one.
        package let date: CivilDate

        /// The holiday's name, or the reason the deployment gave.
        package let name: String
    }

    /// The deployment's own closed days and the reason of each.
    package let extraClosings: [CivilDate: String]

    // A stored list: `allCases` would build one at every call.
    private static let holidays = FederalHoliday.allCases

    /// The calendar of the holidays alone, or with further closed days.
    package init(extraClosings: [CivilDate: String] = [:]) {
        self.extraClosings = extraClosings
    }

    /// Whether entries settle on the day.
    package func isBankingDay(_ date: CivilDate) -> Bool {
        guard !date.weekday.isWeekend, holiday(closing: date) == nil else { return false }
        return extraClosings.isEmpty || extraClosings[date] == nil
    }

    /// The holiday for which the day is closed, nil on every other day.
    package func holiday(closing date: CivilDate) -> FederalHoliday? {
        Self.holidays.first { holiday in
            holiday.month == date.month && holiday.closing(in: date.year) == date
        }
    }

    /// The year's closed days in order of date: the holidays as observed and the extra ones.
    ///
    /// A day that is both bears the holiday's name.
    package func closings(in year: Int) -> [Closing] {
        var found: [CivilDate: String] = extraClosings.filter { $0.key.year == year }
        for holiday in Self.holidays {
            guard let date = holiday.closing(in: year) else { continue }
            found[date] = holiday.name
        }
        return found.map { Closing(date: $0.key, name: $0.value) }.sorted { $0.date < $1.date }
    }
}
