extension ReturnCode {
    /// How long the sender of a code has.
    package enum TimeFrame: Hashable, Sendable {
        /// So many banking days from the settlement of what comes back.
        case bankingDays(Int)

        /// So many calendar days from the settlement of the entry.
        case calendarDays(Int)

        /// No clock: it comes at the originating bank's request or with its consent.
        case unlimited
    }

    /// How long the sender has.
    ///
    /// 60 calendar days for unauthorized consumer debits and their like (R05, R07, R10, R11, R37,
    /// R38, R51, R52, R53) and for R33; 5 banking days to dishonour, 2 to contest; 2 banking days
    /// for every other return. R06 and R31 have no clock.
    ///
    /// Source: design 3.13 and 3.8; R33, by the notes of moov-io/ach, and the two codes without a
    /// clock, by banks' published tables, are not in the design. Those tables also ask operators
    /// to send R13, R18, R19 and R25 to R28 with the next file; 2 banking days is their limit here.
    package var timeFrame: TimeFrame {
        switch (kind, number) {
        case (.dishonored, _): .bankingDays(5)
        case (.contested, _): .bankingDays(2)
        case (_, 6), (_, 31): .unlimited
        case (_, 5), (_, 7), (_, 10), (_, 11), (_, 33), (_, 37), (_, 38), (_, 51...53):
            .calendarDays(60)
        default: .bankingDays(2)
        }
    }

    /// Whether it counts in the rate of unauthorized returns, which must stay below 0.5 %.
    ///
    /// R05, R07, R10, R11, R29, R51 (design 3.8).
    package var countsAsUnauthorized: Bool {
        switch number {
        case 5, 7, 10, 11, 29, 51: true
        default: false
        }
    }

    /// Whether it counts in the rate of administrative returns, which must stay below 3 %.
    ///
    /// R02, R03, R04 (design 3.8).
    package var countsAsAdministrative: Bool {
        (2...4).contains(number)
    }

    /// Whether the debit may be sent again with nothing corrected: R01 and R09 (design 3.6).
    package var mayBeReinitiated: Bool {
        number == 1 || number == 9
    }

    /// Whether only an automated enrolment (ENR) can earn it: R40 to R47 (design 3.13).
    package var isEnrollmentOnly: Bool {
        (40...47).contains(number)
    }
}
