internal import Identity
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

    /// What is asked for, as failures and account ids are compared.
    private struct Values: Sendable {
        let texts: Set<ByteText>
        /// As source transaction ids are compared: `String` holds texts of one normal form for equal
        /// (contract A1-26).
        let transactionIDs: Set<String>

        func contain(_ index: Int, of view: PostingSetView) -> Bool {
            transactionIDs.contains(view.sourceTransactionIDs[index].string)
                || texts.contains(view.accountIDs[index].string)
        }
    }

    private let conditions: [(field: HistoryFilter.ArrayField, values: Values)]

    init(_ conditions: [HistoryFilter.Condition]) {
        self.conditions = conditions.compactMap { condition in
            guard case .element(let field, let values) = condition else { return nil }
            let texts = Set(values.map { ByteText($0) })
            return (field, Values(texts: texts, transactionIDs: Set(values)))
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
        _ values: Values
    ) -> Bool {
        failures.contains { failure in
            values.texts.contains(failure.message)
                || failure.index < view.count && values.contain(failure.index, of: view)
        }
    }

    private func matchesTransaction(_ view: PostingSetView, _ values: Values) -> Bool {
        (0..<view.count).contains { values.contain($0, of: view) }
    }
}
