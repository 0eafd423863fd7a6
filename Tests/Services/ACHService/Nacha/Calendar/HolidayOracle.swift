import Nacha

/// The Federal Reserve's closed weekdays, found by walking through a year day by day.
///
/// It shares nothing with the rules under test: months come from a table, weekdays from Zeller's
/// congruence, and "the third Monday" is counted, not computed.
enum HolidayOracle {
    static func closings(in year: Int) -> [String] {
        var closed: [String] = []
        var sundayHoliday = false
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
        let lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        for month in 1...12 {
            var seen = Array(repeating: 0, count: 7)
            for day in 1...lengths[month - 1] {
                let weekday = zeller(year, month, day)
                seen[weekday] += 1
                let count = seen[weekday]
                let leftInMonth = lengths[month - 1] - day
                var isHoliday = [[1, 1], [7, 4], [11, 11], [12, 25]].contains([month, day])
                if year >= 2021, month == 6, day == 19 { isHoliday = true }
                if weekday == 2 {
                    if year >= 1986, month == 1, count == 3 { isHoliday = true }
                    if month == 2, count == 3 { isHoliday = true }
                    if month == 5, leftInMonth < 7 { isHoliday = true }
                    if month == 9, count == 1 { isHoliday = true }
                    if month == 10, count == 2 { isHoliday = true }
                }
                if weekday == 5, month == 11, count == 4 { isHoliday = true }
                let isClosed = weekday != 0 && weekday != 1 && (isHoliday || sundayHoliday)
                if isClosed { closed.append(iso(year, month, day)) }
                sundayHoliday = weekday == 1 && isHoliday
            }
        }
        return closed
    }

    /// The weekday, Saturday 0 to Friday 6.
    static func zeller(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let (y, m) = month < 3 ? (year - 1, month + 12) : (year, month)
        return (day + 13 * (m + 1) / 5 + y % 100 + y % 100 / 4 + y / 400 + 5 * (y / 100)) % 7
    }

    private static func iso(_ year: Int, _ month: Int, _ day: Int) -> String {
        "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }
}
