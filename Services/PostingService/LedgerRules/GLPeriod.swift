package import Dates

/// A posting period of the general ledger: days on which journals may be dated while it is open.
package struct GLPeriod: Sendable, Hashable {
    package var year: Int64
    package var period: Int64
    package var firstDay: CalendarDay
    package var lastDay: CalendarDay
    package var isClosed: Bool

    package init(
        year: Int64,
        period: Int64,
        firstDay: CalendarDay,
        lastDay: CalendarDay,
        isClosed: Bool
    ) {
        self.year = year
        self.period = period
        self.firstDay = firstDay
        self.lastDay = lastDay
        self.isClosed = isClosed
    }

    /// For people and listings: `2024/03`.
    package var name: String { "\(year)/\(period < 10 ? "0" : "")\(period)" }

    package func contains(_ day: CalendarDay) -> Bool { firstDay <= day && day <= lastDay }

    /// Pairs of periods that share a day, the later one first; of each period, the first it meets.
    package static func overlaps(
        in periods: [GLPeriod]
    ) -> [(period: GLPeriod, with: GLPeriod)] {
        let sorted = periods.sorted {
            ($0.firstDay, $0.year, $0.period) < ($1.firstDay, $1.year, $1.period)
        }
        guard var reaching = sorted.first else { return [] }
        var found: [(period: GLPeriod, with: GLPeriod)] = []
        for period in sorted.dropFirst() {
            if period.firstDay <= reaching.lastDay { found.append((period, reaching)) }
            if period.lastDay > reaching.lastDay { reaching = period }
        }
        return found
    }
}

/// Whether a journal may be dated on a day.
package enum PeriodVerdict: Sendable, Equatable {
    /// No periods are kept, or the day is in none and the rule is set aside.
    case noPeriod
    case period(GLPeriod)
    /// The day is in no period.
    case refusedOutside
    case refusedClosed(GLPeriod)

    /// - Parameters:
    ///   - anyPeriods: whether periods are kept at all; without any, every day is allowed.
    ///   - found: the period of the day.
    ///   - overrides: the poster may post into closed periods.
    package init(anyPeriods: Bool, found: GLPeriod?, overrides: Bool) {
        switch found {
        case let found? where !found.isClosed || overrides: self = .period(found)
        case let found?: self = .refusedClosed(found)
        case nil: self = anyPeriods && !overrides ? .refusedOutside : .noPeriod
        }
    }
}
