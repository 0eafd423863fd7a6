package import Dates

/// The fiscal year that carries a number: it ends in the calendar year of that number, unless it
/// begins in January of it.
package struct FiscalYear: Sendable, Hashable {
    package let number: Int
    package let first: CalendarDay
    package let last: CalendarDay

    /// Years that can be asked for.
    package static let numbers = 1_900...9_998

    /// Nil where there is no such year or month.
    package init?(_ number: Int, startingIn month: Int) {
        guard Self.numbers.contains(number),
            let first = CalendarDay(year: month > 1 ? number - 1 : number, month: month, day: 1),
            let next = CalendarDay(year: month > 1 ? number : number + 1, month: month, day: 1)
        else { return nil }
        self.number = number
        self.first = first
        last = next.adding(days: -1)
    }
}
