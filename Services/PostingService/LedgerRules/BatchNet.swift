/// What the ledger's entries of one payment batch come to, before they feed the general ledger.
///
/// Sums are of 128 bits: no order of entries overflows on the way to a total that fits.
package struct BatchNet: Sendable {
    package private(set) var entries: Int64 = 0
    /// For each cash account what was received less what was given back, in the order of first use.
    package private(set) var byCashAccount: [(number: Int, net: Int128)] = []

    package init() {}

    /// Received less given back, over all cash accounts.
    package var total: Int128 { byCashAccount.reduce(0) { $0 + $1.net } }

    package mutating func add(amount: Int64, cashAccount: Int) {
        entries += 1
        for index in byCashAccount.indices where byCashAccount[index].number == cashAccount {
            byCashAccount[index].net += Int128(amount)
            return
        }
        byCashAccount.append((cashAccount, Int128(amount)))
    }

    /// Whether these are all the entries that the batch has, and no others.
    package func isComplete(entries expected: Int64, total expectedTotal: Int64) -> Bool {
        entries == expected && total == Int128(expectedTotal)
    }
}

extension JournalTotals {
    /// Books what a batch comes to: cash is debited and the receivable credited with what was
    /// received, the other way round with what was given back on balance.
    ///
    /// False where the journal's total leaves 64 bits; the journal is of no use then.
    package mutating func feed(_ batch: BatchNet) -> Bool {
        for (glAccount, net) in batch.byCashAccount where net != 0 {
            guard let amount = Int64(exactly: net),
                book(.payment, amount: amount, glAccount: glAccount)
            else { return false }
        }
        return true
    }

    /// Whether the lines' debits are their credits.
    package static func isBalanced(_ lines: [(glAccount: Int, total: DebitCredit)]) -> Bool {
        lines.reduce(Int128(0)) { $0 + Int128($1.total.debit) - Int128($1.total.credit) } == 0
    }
}
