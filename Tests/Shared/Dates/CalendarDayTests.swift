import Dates
import Testing

@Suite("Days of the calendar")
struct CalendarDayTests {
    @Test(
        "A day is read and written as YYYY-MM-DD",
        arguments: [
            ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016),
            ("9999-12-31", 2_932_896), ("0001-01-01", -719_162), ("2026-11-25", 20_782),
        ]
    )
    func text(text: String, days: Int) {
        #expect(CalendarDay(text: text)?.daysSince1970 == days)
        #expect(CalendarDay(daysSince1970: days).text == text)
    }

    @Test(
        "What is no day is not read",
        arguments: [
            "2023-02-29", "2024-13-01", "2024-00-10", "2024-1-01", "24-01-01", "2024/01/01",
            "2024-01-01T00:00:00Z", "", "２０２４-01-01", "2024-01-0a",
        ]
    )
    func noDay(text: String) {
        #expect(CalendarDay(text: text) == nil)
    }

    @Test("Its parts and its neighbours agree for four centuries")
    func components() {
        let start = CalendarDay(year: 1800, month: 1, day: 1)!
        for offset in 0..<146_097 {
            let day = start.adding(days: offset)
            let (year, month, dayOfMonth) = day.components
            #expect(CalendarDay(year: year, month: month, day: dayOfMonth) == day)
        }
    }
}
