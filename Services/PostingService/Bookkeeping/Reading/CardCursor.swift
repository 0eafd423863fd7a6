import Money

/// Where the next page of a card begins: an entry and the account's balance after it.
///
/// The balance is not stored with entries but follows from the newest one along the chain, so that
/// it travels in the signed continuation key.
struct CardCursor: Equatable {
    var entry: Int64
    var balance: Amount

    init(entry: Int64, balance: Amount) {
        self.entry = entry
        self.balance = balance
    }

    /// Reads what `encoded` wrote; nil for anything else.
    init?(encoded bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        func number(_ bytes: ArraySlice<UInt8>) -> Int64 {
            bytes.reduce(0) { $0 << 8 | Int64($1) }
        }
        self.init(
            entry: number(bytes[..<8]),
            balance: Amount(minorUnits: number(bytes[8...]))
        )
    }

    var encoded: [UInt8] {
        [entry, balance.minorUnits].flatMap { number in
            withUnsafeBytes(of: number.bigEndian) { Array($0) }
        }
    }
}
