internal import Dates

/// A holiday on which the Federal Reserve Banks settle nothing.
///
/// One that falls on a Sunday closes the Monday after it; one that falls on a Saturday closes
/// nothing, and the Friday before is an ordinary banking day.
///
/// The rule is applied to any year as it stands today, except that Martin Luther King Day begins
/// in 1986 and Juneteenth in 2021 (a Saturday, so its first closing is 2022-06-20). Before 1978
/// the result is therefore not history: Washington's Birthday, Memorial Day and Columbus Day took
/// their Mondays in 1971, Veterans Day stood on the fourth Monday of October from 1971 to 1977,
/// and Thanksgiving took its fourth Thursday in 1942.
///
/// Source: design 3.5, which names the Federal Reserve's own list; the years before 1986 are
/// general knowledge of the holiday statutes.
package enum FederalHoliday: CaseIterable, Sendable {
    case newYear
    case martinLutherKing
    case presidents
    case memorial
    case juneteenth
    case independence
    case labor
    case columbus
    case veterans
    case thanksgiving
    case christmas

    /// The holiday's usual English name.
    package var name: String {
        switch self {
        case .newYear: "New Year's Day"
        case .martinLutherKing: "Martin Luther King Jr. Day"
        case .presidents: "Presidents' Day"
        case .memorial: "Memorial Day"
        case .juneteenth: "Juneteenth"
        case .independence: "Independence Day"
        case .labor: "Labor Day"
        case .columbus: "Columbus Day"
        case .veterans: "Veterans Day"
        case .thanksgiving: "Thanksgiving Day"
        case .christmas: "Christmas Day"
        }
    }

    /// The first year in which this rule yields the holiday, nil when it is applied to any year.
    package var firstYear: Int? {
        switch self {
        case .martinLutherKing: 1986
        case .juneteenth: 2021
        default: nil
        }
    }

    /// The holiday itself in a year, before any move; nil before its first year.
    package func date(in year: Int) -> CivilDate? {
        guard (1...9999).contains(year), year >= firstYear ?? year else { return nil }
        return switch self {
        case .newYear: CivilDate(unchecked: year, 1, 1)
        case .martinLutherKing: Self.nth(3, .monday, of: 1, in: year)
        case .presidents: Self.nth(3, .monday, of: 2, in: year)
        case .memorial: Self.lastMonday(of: 5, in: year)
        case .juneteenth: CivilDate(unchecked: year, 6, 19)
        case .independence: CivilDate(unchecked: year, 7, 4)
        case .labor: Self.nth(1, .monday, of: 9, in: year)
        case .columbus: Self.nth(2, .monday, of: 10, in: year)
        case .veterans: CivilDate(unchecked: year, 11, 11)
        case .thanksgiving: Self.nth(4, .thursday, of: 11, in: year)
        case .christmas: CivilDate(unchecked: year, 12, 25)
        }
    }

    /// The weekday on which the banks close for it, nil when it falls on a Saturday.
    package func closing(in year: Int) -> CivilDate? {
        guard let date = date(in: year) else { return nil }
        return switch date.weekday {
        case .saturday: nil
        case .sunday: date.adding(days: 1)
        default: date
        }
    }

    /// The month in which both the holiday and its closing lie, 1 to 12.
    var month: Int {
        switch self {
        case .newYear, .martinLutherKing: 1
        case .presidents: 2
        case .memorial: 5
        case .juneteenth: 6
        case .independence: 7
        case .labor: 9
        case .columbus: 10
        case .veterans, .thanksgiving: 11
        case .christmas: 12
        }
    }

    private static func nth(_ n: Int, _ weekday: Weekday, of month: Int, in year: Int) -> CivilDate
    {
        let first = CivilDate(unchecked: year, month, 1)
        let wait = (weekday.rawValue - first.weekday.rawValue + 7) % 7
        return CivilDate(unchecked: year, month, 1 + wait + 7 * (n - 1))
    }

    private static func lastMonday(of month: Int, in year: Int) -> CivilDate {
        let last = CivilDate(unchecked: year, month, Gregorian.length(ofMonth: month, in: year))
        return last.adding(days: Weekday.monday.rawValue - last.weekday.rawValue)
    }
}
