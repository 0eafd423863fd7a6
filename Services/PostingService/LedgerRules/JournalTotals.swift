/// Debits and credits of one GL account, both never negative.
package struct DebitCredit: Sendable, Equatable {
    package var debit: Int64
    package var credit: Int64

    package init(debit: Int64 = 0, credit: Int64 = 0) {
        self.debit = debit
        self.credit = credit
    }
}

/// The lines of one set's GL journal: one line per GL account, debits equal to credits.
///
/// A charge debits the receivable control account and credits the GL account of its detail code; a
/// payment does the opposite. A negative amount swaps the sides: a journal shows no negative figures,
/// so a negative charge credits the receivable and debits the revenue (the usual reversing entry).
/// A line carries both columns, not their net, so that the turnover of each side stays visible.
package struct JournalTotals: Sendable {
    /// Debits of the whole journal, which are its credits too.
    package private(set) var turnover: Int64 = 0
    private var receivable = DebitCredit()
    private var byAccount: [DebitCredit]

    /// - Parameter glAccounts: how many GL accounts exist; they are numbered from 0.
    package init(glAccounts: Int) {
        byAccount = Array(repeating: DebitCredit(), count: glAccounts)
    }

    /// Books one entry; false, with nothing booked, where the journal's total leaves 64 bits.
    ///
    /// Every line is at most the turnover, so that this one check guards them all.
    package mutating func book(_ kind: EntryKind, amount: Int64, glAccount: Int) -> Bool {
        guard let size = Int64(exactly: amount.magnitude) else { return false }
        let (total, overflow) = turnover.addingReportingOverflow(size)
        guard !overflow else { return false }
        turnover = total
        if kind.raisesBalance == (amount >= 0) {
            receivable.debit += size
            byAccount[glAccount].credit += size
        } else {
            receivable.credit += size
            byAccount[glAccount].debit += size
        }
        return true
    }

    /// The lines in order of their GL account, without those on which nothing was booked.
    ///
    /// `receivableAccount` is the number of the receivable control account; a detail code that names
    /// it shares its line.
    package func lines(
        receivableAccount: Int
    ) -> [(glAccount: Int, total: DebitCredit)] {
        var all = byAccount
        all[receivableAccount].debit += receivable.debit
        all[receivableAccount].credit += receivable.credit
        return all.enumerated().compactMap { index, total in
            total == DebitCredit() ? nil : (index, total)
        }
    }
}
