/// Whether batch-service's store and posting-service's belong to the same moment (fault D-08).
///
/// After an older backup of one of them was restored, numbers would be used again, or posted sets be
/// missing from the ledger. Both are found by comparing the newest set that each knows.
package enum StoreAnchor {
    /// What batch-service's store says.
    package struct Own: Sendable, Equatable {
        /// The newest set's number, or the number floor where that is higher.
        package var highestNumber: Int64
        /// The newest COMMIT set of which something was loaded.
        package var highestPosted: Int64
        /// The ledger's store as last seen; nil before the first time.
        package var knownLedger: String?

        package init(highestNumber: Int64, highestPosted: Int64, knownLedger: String?) {
            self.highestNumber = highestNumber
            self.highestPosted = highestPosted
            self.knownLedger = knownLedger
        }
    }

    /// What posting-service's store says.
    package struct Ledger: Sendable, Equatable {
        package var store: String
        /// The newest set that was committed to it.
        package var highestNumber: Int64

        package init(store: String, highestNumber: Int64) {
            self.store = store
            self.highestNumber = highestNumber
        }
    }

    package enum Verdict: Sendable, Equatable {
        case inStep
        /// The ledger knows sets that this store has never numbered.
        case ownIsOlder(own: Int64, ledger: Int64)
        /// This store knows posted sets that the ledger does not.
        case ledgerIsOlder(own: Int64, ledger: Int64)
        /// Sets were posted to another ledger than this one.
        case ledgerIsAnother(known: String, found: String)

        /// What was found and what can be done, for the operator; nil where all is well.
        package var message: String? {
            let remedy =
                "Restore the two stores of the same moment, or start batch-service with "
                + "BURSAR_ACCEPT_RESTORED_STORE=1 to go on with what is there."
            switch self {
            case .inStep:
                return nil
            case .ownIsOlder(let own, let ledger):
                return "batch.db is older than posting.db: its newest set is \(own), the ledger's "
                    + "is \(ledger). \(remedy)"
            case .ledgerIsOlder(let own, let ledger):
                return "posting.db is older than batch.db: its newest set is \(ledger), but set "
                    + "\(own) was posted. \(remedy)"
            case .ledgerIsAnother(let known, let found):
                return "posting.db is another store (\(found)) than the one that sets were posted "
                    + "to (\(known)). \(remedy)"
            }
        }
    }

    package static func compare(_ own: Own, _ ledger: Ledger) -> Verdict {
        if ledger.highestNumber > own.highestNumber {
            return .ownIsOlder(own: own.highestNumber, ledger: ledger.highestNumber)
        }
        if own.highestPosted > ledger.highestNumber {
            return .ledgerIsOlder(own: own.highestPosted, ledger: ledger.highestNumber)
        }
        if let known = own.knownLedger, known != ledger.store, own.highestPosted > 0 {
            return .ledgerIsAnother(known: known, found: ledger.store)
        }
        return .inStep
    }
}
