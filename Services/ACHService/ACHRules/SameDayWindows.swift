package import Nacha

/// Decides whether an entry settles on the day it is sent, and through which window.
///
/// Entries reach the Federal Reserve by 10:30, 14:45 or 16:45 Eastern time and settle at 13:00,
/// 17:00 and 18:00; a cutoff's own minute still counts. An entry over the limit and every IAT
/// entry settles on the next banking day instead, and is not refused for it.
///
/// Source: design 3.5 and the limits of 3.8: $1,000,000.00 an entry since 2022-03-18. A rise was
/// open to comment until 2025-12-18, hence the limit is the deployment's to set.
package struct SameDayWindows: Hashable, Sendable {
    /// One pair of cutoff and settlement, both Eastern time.
    package struct Window: Hashable, Sendable {
        /// The last minute in which a file may arrive.
        package let cutoff: TimeOfDay

        /// The time at which its entries settle.
        package let settlement: TimeOfDay

        /// A window from its two times.
        package init(cutoff: TimeOfDay, settlement: TimeOfDay) {
            self.cutoff = cutoff
            self.settlement = settlement
        }
    }

    /// Why an entry waits for the next banking day.
    package enum Delay: Hashable, Sendable, CaseIterable {
        /// No entry settles on the day it is sent: weekend, holiday or a deployment's closing.
        case closedDay
        case international
        case overLimit
        case afterLastCutoff
    }

    /// Where an entry ends up.
    package struct Placement: Hashable, Sendable {
        /// The date to write into the batch header, which is also the date of settlement.
        package let effective: CivilDate

        /// The window it makes, nil when it waits for the next banking day.
        package let window: Window?

        /// Why it waits, nil when it settles the same day; the first that applies, in the order
        /// of ``Delay``.
        package let delay: Delay?

        /// Whether it settles on the day it is sent.
        package var isSameDay: Bool { window != nil }
    }

    /// The Federal Reserve's three windows, in order.
    package static let federalReserve = [
        Window(cutoff: TimeOfDay(unchecked: 10, 30), settlement: TimeOfDay(unchecked: 13, 0)),
        Window(cutoff: TimeOfDay(unchecked: 14, 45), settlement: TimeOfDay(unchecked: 17, 0)),
        Window(cutoff: TimeOfDay(unchecked: 16, 45), settlement: TimeOfDay(unchecked: 18, 0)),
    ]

    /// The most an entry may carry, in cents, by today's rule: $1,000,000.00.
    package static let defaultLimit: Int64 = 100_000_000

    /// The windows in order of their cutoffs.
    package let windows: [Window]

    /// The most an entry may carry to settle the same day, in cents.
    package let limit: Int64

    /// The calendar that says which days settle.
    package let calendar: FederalReserveCalendar

    /// The rules with a deployment's limit, windows (an earlier bank cutoff, say) and calendar.
    package init(
        limit: Int64 = defaultLimit,
        windows: [Window] = federalReserve,
        calendar: FederalReserveCalendar = FederalReserveCalendar()
    ) {
        self.limit = limit
        self.windows = windows.sorted { $0.cutoff < $1.cutoff }
        self.calendar = calendar
    }

    /// Where an entry of so many cents ends up that is processed on a day, at an Eastern time.
    package func placement(
        processing date: CivilDate,
        at time: TimeOfDay,
        amount: Int64,
        isIAT: Bool
    ) -> Placement {
        let window = windows.first { time <= $0.cutoff }
        let delay: Delay? =
            if !calendar.isBankingDay(date) {
                .closedDay
            } else if isIAT {
                .international
            } else if amount > limit {
                .overLimit
            } else if window == nil {
                .afterLastCutoff
            } else {
                nil
            }
        guard delay == nil else {
            let next = calendar.bankingDay(after: date)
            return Placement(effective: next, window: nil, delay: delay)
        }
        return Placement(effective: date, window: window, delay: nil)
    }
}
