/// The room of a drawer: what its session may take in (contract S2-9).
package struct DrawerRoom: Sendable, Equatable {
    /// From here on payments are accepted with a warning; nil where there is no such amount.
    package var warningAmount: Int64?
    /// Beyond it payments are refused while the session stays open; nil where there is none.
    package var restrictAmount: Int64?

    package init(warningAmount: Int64?, restrictAmount: Int64?) {
        self.warningAmount = warningAmount
        self.restrictAmount = restrictAmount
    }

    package enum Verdict: Sendable, Equatable {
        case free
        case warned(limit: Int64)
        case refused(limit: Int64)
    }

    /// Whether one more amount has room beside what was taken in and what is on its way.
    package func verdict(total: Int64, reserved: Int64, amount: Int64) -> Verdict {
        let sum = Int128(total) + Int128(reserved) + Int128(amount)
        if let restrictAmount, sum > Int128(restrictAmount) {
            return .refused(limit: restrictAmount)
        }
        // A session that counts beyond 64 bits could not be saved.
        if sum > Int128(Int64.max) { return .refused(limit: .max) }
        if let warningAmount, sum >= Int128(warningAmount) { return .warned(limit: warningAmount) }
        return .free
    }
}
