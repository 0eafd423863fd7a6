/// What is wrong with a store, found while it was opened or read: posting stops until it is mended.
package enum LedgerFault: Error, CustomStringConvertible, Equatable {
    /// Entry ids have a gap, or a posting counts an entry that is not there.
    case entryIsMissing(Int64)
    case runIsDamaged(run: Int64, part: Int)
    /// An entry, a chain or a balance names an account that does not exist.
    case accountIsMissing(Int64)
    case glAccountIsMissing(String)
    case detailCodeIsMissing(Int64)
    case postingIsMissing(set: Int64)
    /// An entry without a set has no payment either.
    case paymentIsMissing(entry: Int64)
    /// A journal run added up entries that it could not mark.
    case entriesWereNotMarked(run: Int64)
    /// The block of balances is not a whole number of accounts.
    case blockIsDamaged(Int64)
    /// Debits and credits of the general ledger differ.
    case trialBalanceDiffers

    package var description: String {
        switch self {
        case .entryIsMissing(let id): "ledger entry \(id) is missing"
        case .runIsDamaged(let run, let part): "part \(part) of duplicate run \(run) is damaged"
        case .accountIsMissing(let id): "account number \(id) is missing"
        case .glAccountIsMissing(let name): "GL account \(name) is missing"
        case .detailCodeIsMissing(let id): "detail code version \(id) is missing"
        case .postingIsMissing(let set): "the posting of set \(set) is missing"
        case .paymentIsMissing(let entry): "the payment of ledger entry \(entry) is missing"
        case .entriesWereNotMarked(let run): "journal run \(run) did not mark all of its entries"
        case .blockIsDamaged(let id): "account block \(id) is damaged"
        case .trialBalanceDiffers: "debits and credits of the general ledger differ"
        }
    }
}
