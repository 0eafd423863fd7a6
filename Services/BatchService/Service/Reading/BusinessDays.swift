package import Dates
package import Foundation

/// Days of the business time zone as spans of time (contract A1-22).
package struct BusinessDays: Sendable {
    private let calendar: Calendar

    package init(timeZone: TimeZone) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        self.calendar = calendar
    }

    /// The first millisecond of `day`, and the first of the next: 23 or 25 hours where clocks change.
    package func bounds(of day: CalendarDay) -> Range<Int64> {
        let start = firstMoment(of: day)
        let next = firstMoment(of: CalendarDay(daysSince1970: day.daysSince1970 + 1))
        return start..<max(start, next)
    }

    private func firstMoment(of day: CalendarDay) -> Int64 {
        let midnight = Int64(day.daysSince1970) * 86_400_000
        // Noon in Greenwich lies on the same day in every zone from -12 to +11 hours, and on the next
        // in those east of that; starting from the wanted local noon avoids both.
        let noon = Date(timeIntervalSince1970: Double(midnight / 1_000 + 43_200))
        let offset = calendar.timeZone.secondsFromGMT(for: noon)
        let start = calendar.startOfDay(for: noon.addingTimeInterval(-Double(offset)))
        return Int64(start.timeIntervalSince1970) * 1_000
    }
}
