/// What controls count: records, hash, debits and credits (design 3.2).
///
/// The hash is kept whole; its last ten digits are the entry hash. No sum can leave 64 bits: a file
/// ends at 9,999,990 records of at most twelve digits.
struct RunningTotals {
    var entryAddendaCount: UInt64 = 0
    var hash: UInt64 = 0
    var debits: UInt64 = 0
    var credits: UInt64 = 0
    /// Which of them cannot be trusted, since a record that they come from could not be read.
    var unreliable: Parts = []

    struct Parts: OptionSet {
        let rawValue: UInt8

        static let count = Parts(rawValue: 1)
        static let hash = Parts(rawValue: 2)
        static let debits = Parts(rawValue: 4)
        static let credits = Parts(rawValue: 8)
        static let amounts: Parts = [.debits, .credits]
        static let all: Parts = [.count, .hash, .debits, .credits]
    }

    /// The entry hash: the sum's last ten digits.
    var entryHash: UInt64 { hash % 10_000_000_000 }

    mutating func add(_ other: RunningTotals) {
        entryAddendaCount &+= other.entryAddendaCount
        hash &+= other.hash
        debits &+= other.debits
        credits &+= other.credits
        unreliable.formUnion(other.unreliable)
    }
}
