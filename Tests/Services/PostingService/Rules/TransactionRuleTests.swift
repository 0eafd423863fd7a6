import LedgerRules
import Money
import Testing

@Suite("Rules of one transaction")
struct TransactionRuleTests {
    @Test(
        "The first fault in the documented order is the one reported",
        arguments: [
            (nil, false, 0, TransactionFault.unknownAccount),
            (true, false, 0, .inactiveAccount),
            (false, false, 0, .invalidDetailCode),
            (false, true, 0, .zeroAmount),
            (true, true, 5, .inactiveAccount),
            (nil, true, 5, .unknownAccount),
            (false, false, 5, .invalidDetailCode),
            (false, true, 5, nil),
            (false, true, -5, nil),
        ] as [(Bool?, Bool, Int64, TransactionFault?)]
    )
    func firstFault(
        accountInactive: Bool?,
        codeIsUsable: Bool,
        amount: Int64,
        expected: TransactionFault?
    ) {
        let fault = TransactionFault.ofRow(
            accountInactive: accountInactive,
            codeIsUsable: codeIsUsable,
            amount: amount
        )
        #expect(fault == expected)
    }

    @Test(
        "A1-6, A1-7, A1-8, A1-10: every fault has its text",
        arguments: [
            (TransactionFault.unknownAccount, "Invalid account id: 1N"),
            (.inactiveAccount, "Inactive account: 1N"),
            (.invalidDetailCode, "Invalid detail code: AX84"),
            (.zeroAmount, "Invalid amount: 0.00"),
            (.duplicate, "Duplicate source transaction id: W-1"),
            (.balanceOutOfRange, "Amount beyond what can be booked: 0.00"),
        ]
    )
    func message(fault: TransactionFault, expected: String) {
        let text = fault.message(
            accountID: "1N",
            detailCode: "AX84",
            amount: .zero,
            sourceTransactionID: "W-1"
        )
        #expect(text == expected)
    }

    @Test("Faults are declared in order of precedence")
    func order() {
        #expect(TransactionFault.allCases == TransactionFault.allCases.sorted())
        #expect(TransactionFault.unknownAccount < .inactiveAccount)
        #expect(TransactionFault.zeroAmount < .duplicate)
    }

    @Test(
        "Balance = Σ(I, D) − Σ(C, P), the amount with its sign",
        arguments: [
            (EntryKind.charge, 10, 110), (.charge, -10, 90), (.payment, 10, 90),
            (.payment, -10, 110), (.openingCharge, 10, 110), (.openingCredit, 10, 90),
        ] as [(EntryKind, Int64, Int64)]
    )
    func balance(kind: EntryKind, amount: Int64, expected: Int64) {
        #expect(kind.balance(100, after: amount) == expected)
    }

    @Test("I-03: a balance beyond 64 bits is nil and no trap")
    func balanceOverflow() {
        #expect(EntryKind.charge.balance(.max, after: 1) == nil)
        #expect(EntryKind.charge.balance(.min, after: -1) == nil)
        #expect(EntryKind.payment.balance(.min, after: 1) == nil)
        #expect(EntryKind.payment.balance(0, after: .min) == nil)
        #expect(EntryKind.payment.balance(-1, after: .min) == .max)
    }
}
