import Dates
import LedgerRules
import Storage

/// Reads and writes the posting periods.
enum GLPeriodRows {
    static func all(in transaction: ReadTransaction) throws -> [GLPeriod] {
        var periods: [GLPeriod] = []
        try transaction.rows(
            """
            SELECT year, period, first_day, last_day, is_closed FROM gl_period
            ORDER BY year, period
            """
        ) { row in
            periods.append(
                GLPeriod(
                    year: row.int64(0),
                    period: row.int64(1),
                    firstDay: CalendarDay(daysSince1970: Int(row.int64(2))),
                    lastDay: CalendarDay(daysSince1970: Int(row.int64(3))),
                    isClosed: row.int64(4) != 0
                )
            )
        }
        return periods
    }

    static func put(_ period: GLPeriod, in transaction: WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO gl_period (year, period, first_day, last_day, is_closed)
            VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (year, period) DO UPDATE SET first_day = excluded.first_day,
            last_day = excluded.last_day, is_closed = excluded.is_closed
            """,
            [
                .integer(period.year), .integer(period.period),
                .integer(Int64(period.firstDay.daysSince1970)),
                .integer(Int64(period.lastDay.daysSince1970)), .integer(period.isClosed ? 1 : 0),
            ]
        )
    }
}
