package import Nacha

/// The rules for sending a returned debit again.
///
/// Only after R01 or R09 without further ado, at most twice, and within 180 calendar days of the
/// first entry's settlement. A stopped payment needs the receiver's new authorization, and any
/// other return the correction of its cause: then `remedied` is true.
///
/// Source: design 3.6 (Nacha Operating Rules 2013, 2.12.4) and 3.8.
package struct Reinitiation: Hashable, Sendable {
    /// Why a debit may not be sent again.
    package enum Refusal: Hashable, Sendable, CaseIterable {
        /// The return's cause stands: it needs a new authorization or a correction first.
        case causeNotRemedied
        case tooManyAttempts
        case tooLate
    }

    /// How often a debit may be sent again.
    package let maximumAttempts: Int

    /// Calendar days from the first settlement in which it may be sent again.
    package let days: Int

    /// The rules as the design states them, or a stricter bank's.
    package init(maximumAttempts: Int = 2, days: Int = 180) {
        self.maximumAttempts = maximumAttempts
        self.days = days
    }

    /// The last day on which the debit may settle again.
    package func lastDate(firstSettlement: CivilDate) -> CivilDate {
        firstSettlement.adding(days: days)
    }

    /// Why the debit may not be sent again, nil when it may; the first that applies.
    ///
    /// `attempts` counts those already made, without the original entry.
    package func refusal(
        returned code: ReturnCode,
        remedied: Bool = false,
        attempts: Int,
        firstSettlement: CivilDate,
        settlement: CivilDate
    ) -> Refusal? {
        guard code.mayBeReinitiated || remedied else { return .causeNotRemedied }
        guard attempts < maximumAttempts else { return .tooManyAttempts }
        guard settlement <= lastDate(firstSettlement: firstSettlement) else { return .tooLate }
        return nil
    }
}
