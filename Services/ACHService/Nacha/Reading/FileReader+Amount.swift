/// Amounts of entries (design 3.3; 3.7, SEC rules; 3.8).
extension FileReader {
    @inline(__always)
    mutating func checkAmount(_ record: RecordView) {
        guard entry.faults.isDisjoint(with: .amount) else { return }
        let policy = batch.policy
        let amount =
            policy.form == .advice ? record.number(28, 39) : record.number(30, 39)
        guard let code = entry.code else { return }
        if code.side == .credit {
            batch.totals.credits &+= amount
        } else {
            batch.totals.debits &+= amount
        }
        guard entry.faults.isDisjoint(with: .code) else { return }
        let isLive = code.purpose == .live || code.purpose == .loanReversal
        if isLive, amount > 0, amount <= policy.ceilingMinorUnits, !policy.isAlwaysZero,
            !policy.isSameDay
        {
            return
        }
        judgeAmount(amount, code, record)
    }

    private mutating func judgeAmount(
        _ amount: UInt64,
        _ code: TransactionCode,
        _ record: RecordView
    ) {
        let policy = batch.policy
        let (from, to) = policy.amount
        func refuseAmount(_ rule: RuleID, _ message: String) {
            // The amount, or the code that gives its side, is wrong: totals follow from it.
            if rule != .entryAmountSameDay { doubt(.amounts, rule) }
            refuse(rule, from, to, record, message)
        }
        let isZeroByCode = code.purpose == .prenote || code.purpose == .zeroDollar
        if policy.isAlwaysZero || isZeroByCode {
            guard amount > 0 else { return }
            let what =
                isZeroByCode
                ? "\(code.text), \(code.title),"
                : "an entry of \(policy.entryClass?.rawValue ?? "")"
            return refuseAmount(
                .entryAmountNotZero,
                "The amount is \(MinorUnits.text(amount)); \(what) moves no money."
            )
        }
        guard code.purpose == .live || code.purpose == .loanReversal else { return }
        if amount == 0, policy.form != .advice {
            return refuseAmount(.entryAmountZero, "The amount is zero.")
        }
        if amount > policy.ceilingMinorUnits {
            return refuseAmount(
                .entryAmountCeiling,
                "\(MinorUnits.text(amount)) is above \(MinorUnits.text(policy.ceilingMinorUnits)), "
                    + "the limit of \(policy.entryClass?.rawValue ?? "")."
            )
        }
        if policy.isSameDay, amount > sameDayLimitMinorUnits {
            refuseAmount(
                .entryAmountSameDay,
                "\(MinorUnits.text(amount)) is above "
                    + "\(MinorUnits.text(sameDayLimitMinorUnits)), the same-day limit."
            )
        }
    }
}
