/// What the content hash of a batch is made from: each change of its payments is hashed together with
/// the hash before it, so that equal hashes mean the same payments, come about in the same way
/// (fault A-10).
package enum ContentHash {
    /// The hash of a batch without a past.
    package static let empty = [UInt8](repeating: 0, count: 32)

    package enum Change: UInt8, Sendable {
        case added = 1
        case deleted = 2
        case reversed = 3
    }

    /// Starts the bytes that the next hash is the SHA-256 of.
    package static func start(after hash: [UInt8]) -> [UInt8] { hash }

    /// Appends one change: numbers in network order, the account with its length.
    package static func append(
        _ change: Change,
        paymentID: Int64,
        accountID: String,
        amountMinorUnits: Int64,
        paymentType: String,
        to bytes: inout [UInt8]
    ) {
        bytes.append(change.rawValue)
        append(paymentID, to: &bytes)
        append(amountMinorUnits, to: &bytes)
        append(Int64(accountID.utf8.count), to: &bytes)
        bytes.append(contentsOf: accountID.utf8)
        append(Int64(paymentType.utf8.count), to: &bytes)
        bytes.append(contentsOf: paymentType.utf8)
    }

    private static func append(_ number: Int64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
