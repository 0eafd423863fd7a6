package import Identity

/// Where a batch goes when its clerk closes it (contract S0-13 to S0-15, A0-4 to A0-6).
package enum CloseRule {
    package enum Target: Sendable, Equatable, CaseIterable {
        case workflow, inReview, approved, released

        package var status: PaymentBatch.Status {
            switch self {
            case .workflow: .workflow
            case .inReview: .inReview
            case .approved: .approved
            case .released: .released
            }
        }
    }

    /// A workflow in use comes before every permission; no permission acts as In Review.
    package static func target(permission: ReleaseBatchStatus?, workflowInUse: Bool) -> Target {
        if workflowInUse { return .workflow }
        return switch permission {
        case .released: .released
        case .approved: .approved
        case .inReview, nil: .inReview
        }
    }
}

/// When a batch must have a deposit number (contract 1b, "Deposit numbers").
package enum DepositNumbers {
    /// The moment at which it is asked for.
    package enum Moment: Sendable { case close, post }

    /// Whether the batch may not go on without one.
    package static func isMissing(
        _ number: String?,
        at moment: Moment,
        policy: DepositNumberPolicy
    ) -> Bool {
        guard number == nil else { return false }
        return switch policy {
        case .alwaysRequired: true
        case .requiredOnPost: moment == .post
        case .notRequired: false
        }
    }
}
