package import Money

/// Why one transaction of a set is not loaded, in order of precedence.
///
/// Where several apply, the case that stands first here is the one reported, so that the same
/// transaction always gives the same message:
///
/// 1. the account is unknown, then: it is inactive
/// 2. the detail code is unknown or inactive (one text for both, contract A1-7)
/// 3. the amount is zero (A1-6)
/// 4. the source transaction id is used: committed for this source, or by an earlier transaction of
///    the same set that loads (A1-10, A1-11); the id of a transaction that fails is not used
/// 5. the amount would lead beyond what an account's balance or a journal's total can hold
package enum TransactionFault: UInt8, Sendable, CaseIterable, Comparable {
    case unknownAccount = 1
    case inactiveAccount
    case invalidDetailCode
    case zeroAmount
    case duplicate
    case balanceOutOfRange

    package static func < (lhs: TransactionFault, rhs: TransactionFault) -> Bool {
        lhs.rawValue < rhs.rawValue
    }

    /// The fault of a transaction that needs only its own row and reference data: 1 to 3 above.
    ///
    /// `account` is nil where the account is unknown, else whether it is inactive; a code is usable
    /// when it is known and active; `amount` is in minor units.
    @inlinable
    package static func ofRow(
        accountInactive account: Bool?,
        codeIsUsable: Bool,
        amount: Int64
    ) -> TransactionFault? {
        guard let inactive = account else { return .unknownAccount }
        if inactive { return .inactiveAccount }
        if !codeIsUsable { return .invalidDetailCode }
        return amount == 0 ? .zeroAmount : nil
    }

    /// The text of `error_message` (contract S1-22).
    package func message(
        accountID: String,
        detailCode: String,
        amount: Amount,
        sourceTransactionID: String
    ) -> String {
        switch self {
        case .unknownAccount: "Invalid account id: \(accountID)"
        case .inactiveAccount: "Inactive account: \(accountID)"
        case .invalidDetailCode: "Invalid detail code: \(detailCode)"
        case .zeroAmount: "Invalid amount: \(amount.fixedDecimal)"
        case .duplicate: "Duplicate source transaction id: \(sourceTransactionID)"
        case .balanceOutOfRange: "Amount beyond what can be booked: \(amount.fixedDecimal)"
        }
    }
}
