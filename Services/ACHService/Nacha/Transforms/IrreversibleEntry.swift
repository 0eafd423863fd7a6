/// An entry that no reversal can undo, and why.
package struct IrreversibleEntry: Hashable, Sendable, CustomStringConvertible {
    /// Why an entry cannot be reversed, in the order in which it is looked at.
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        case unknownCode
        case answer
        case advice
        case prenote
        case noMoney
        case creditOnlyClass
        case reversedDebit

        /// The reason in words, behind "it".
        package var title: String {
            switch self {
            case .unknownCode: "has a transaction code that the rules do not know"
            case .answer:
                "is a return or a notification of change: it was not originated here"
            case .advice: "is an accounting advice, which moves no receiver's money"
            case .prenote: "is a prenote, which moves no money"
            case .noMoney: "carries no money"
            case .creditOnlyClass:
                "is of a class that takes credits alone, so that nothing can debit it back"
            case .reversedDebit:
                "is the reversal of a debit whose class takes no other credits: debit the receiver "
                    + "again with a new authorization"
            }
        }
    }

    package let place: EntryPlace
    package let reason: Reason

    /// An entry and why it stays.
    package init(_ place: EntryPlace, _ reason: Reason) {
        self.place = place
        self.reason = reason
    }

    /// Place and reason as a sentence without its full stop.
    package var description: String { "\(place) \(reason.title)" }
}

extension NachaBatch {
    /// Why an entry of the batch cannot be reversed; nil where it can.
    ///
    /// Debit-only classes (ARC, BOC, POP, RCK, TEL, TRX, XCK) can: a reversal keeps the SEC code of
    /// what it undoes, and it is the one credit that such a class takes. Credit-only ones that move
    /// money (CIE) cannot: the rules know no debit under their code (design 3.7, SEC rules).
    func reasonNotToReverse(_ entry: EntryDetail) -> IrreversibleEntry.Reason? {
        guard let code = entry.transactionCode else { return .unknownCode }
        if code.purpose == .returned || entryClass == .cor || entry.answerKind != nil {
            return .answer
        }
        if code.account == .advice || entryClass == .adv { return .advice }
        if code.purpose == .prenote { return .prenote }
        guard code.reversed != nil, entry.amountMinorUnits(in: entryClass) > 0 else {
            return .noMoney
        }
        switch (entryClass.onlySide, code.side) {
        case (.credit, _): return .creditOnlyClass
        case (.debit, .credit): return .reversedDebit
        default: return nil
        }
    }
}
