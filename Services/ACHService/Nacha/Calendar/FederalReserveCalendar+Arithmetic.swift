extension FederalReserveCalendar {
    /// The day itself when it is a banking day, else the next one.
    package func bankingDay(onOrAfter date: CivilDate) -> CivilDate {
        isBankingDay(date) ? date : bankingDay(after: date)
    }

    /// The day itself when it is a banking day, else the one before it.
    package func bankingDay(onOrBefore date: CivilDate) -> CivilDate {
        isBankingDay(date) ? date : bankingDay(before: date)
    }

    /// The first banking day later than the day.
    package func bankingDay(after date: CivilDate) -> CivilDate {
        step(from: date, by: 1)
    }

    /// The last banking day earlier than the day.
    package func bankingDay(before date: CivilDate) -> CivilDate {
        step(from: date, by: -1)
    }

    /// The n-th banking day after the day, or before it when negative.
    ///
    /// The day counted from need not be a banking day. For 0 the answer is the day itself, or the
    /// next banking day when it is closed. Counts past year 1 or 9999 stop there.
    package func adding(bankingDays count: Int, to date: CivilDate) -> CivilDate {
        guard count != 0 else { return bankingDay(onOrAfter: date) }
        let direction = count.signum()
        var day = date
        var left = count.magnitude
        while left > 0 {
            let next = step(from: day, by: direction)
            guard next != day else { break }
            day = next
            left -= 1
        }
        return day
    }

    /// How many banking days lie after the first day, up to and with the second.
    ///
    /// Negative when the second is earlier: then those before the first, down to and with the
    /// second. Adding the result to the first day gives the second, if that is a banking day.
    package func bankingDays(from start: CivilDate, to end: CivilDate) -> Int {
        let direction = start.days(to: end).signum()
        var count = 0
        var day = start
        while day != end {
            day = day.adding(days: direction)
            if isBankingDay(day) { count += direction }
        }
        return count
    }

    private func step(from date: CivilDate, by direction: Int) -> CivilDate {
        var day = date
        while true {
            let next = day.adding(days: direction)
            // The calendar's first and last day have no neighbour: stay there.
            guard next != day else { return day }
            if isBankingDay(next) { return next }
            day = next
        }
    }
}
