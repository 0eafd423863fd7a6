internal import BatchRules
internal import PostingSets
internal import Protocol

/// The filters that look into a set's arrays (contract A1-14).
///
/// No index helps here: bodies are read and parsed, about 50 ns a transaction, newest first, up to a
/// limit.
struct ElementFilter: Sendable {
    /// Most bytes of bodies that one request may have read.
    static let maximumBytes = 1 << 30
    /// Most sets that one request may look into.
    static let maximumSets = 500_000

    private let conditions: [(field: HistoryFilter.ArrayField, values: Set<String>)]

    init(_ conditions: [HistoryFilter.Condition]) {
        self.conditions = conditions.compactMap { condition in
            guard case .element(let field, let values) = condition else { return nil }
            return (field, Set(values))
        }
    }

    func matches(_ set: FinishedSet, _ view: PostingSetView) -> Bool {
        conditions.allSatisfy { condition in
            switch condition.field {
            case .failures: matchesFailure(set.failures, view, condition.values)
            case .transactions: matchesTransaction(view, condition.values)
            }
        }
    }

    private func matchesFailure(
        _ failures: [PostingFailure],
        _ view: PostingSetView,
        _ values: Set<String>
    ) -> Bool {
        failures.contains { failure in
            values.contains(failure.message)
                || failure.index < view.count
                    && (values.contains(view.sourceTransactionIDs[failure.index].string)
                        || values.contains(view.accountIDs[failure.index].string))
        }
    }

    private func matchesTransaction(_ view: PostingSetView, _ values: Set<String>) -> Bool {
        (0..<view.count).contains { index in
            values.contains(view.sourceTransactionIDs[index].string)
                || values.contains(view.accountIDs[index].string)
        }
    }
}
