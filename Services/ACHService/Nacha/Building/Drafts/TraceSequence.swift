/// The number by which a bank finds an entry again: its own eight digits and seven of its choice.
///
/// Source: design 3.2, record 6, positions 80-94.
package struct TraceNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The eight digits of the originating bank; in returns, of the bank that returns.
    package let odfi: UInt32
    /// 0 to 9,999,999.
    package let sequence: UInt32

    /// The number of these parts, or nil where one has too many digits.
    package init?(odfi: UInt32, sequence: UInt32) {
        guard odfi <= 99_999_999, UInt64(sequence) <= FileLimits.traceSequence else { return nil }
        self.odfi = odfi
        self.sequence = sequence
    }

    /// A number whose parts are already known to fit.
    init(unchecked odfi: UInt32, _ sequence: UInt32) {
        self.odfi = odfi
        self.sequence = sequence
    }

    /// The number written in fifteen digits, or nil.
    package init?(_ text: some StringProtocol) {
        guard let number = DecimalText.number(text, count: 15) else { return nil }
        odfi = UInt32(number / 10_000_000)
        sequence = UInt32(number % 10_000_000)
    }

    /// All fifteen digits as a number.
    package var number: UInt64 { UInt64(odfi) * 10_000_000 + UInt64(sequence) }

    /// Fifteen digits.
    package var text: String { DecimalText.digits(number, count: 15) }

    package var description: String { text }

    package static func < (left: TraceNumber, right: TraceNumber) -> Bool {
        left.number < right.number
    }
}

/// Gives the entries of one bank their trace numbers, ascending as every batch wants them.
///
/// One sequence serves all batches of a file, so that no trace number stands in two of them
/// (design 3.7, end).
package struct TraceSequence: Hashable, Sendable {
    package let odfi: RoutingNumber
    /// The sequence number that comes next.
    package private(set) var upcoming: UInt64

    /// A sequence that begins with a number, 1 unless said.
    package init(odfi: RoutingNumber, startingAt first: UInt32 = 1) {
        self.odfi = odfi
        upcoming = UInt64(first)
    }

    /// The next trace number; refused after 9,999,999 (design 3.8).
    package mutating func next() throws(BuildingFault) -> TraceNumber {
        guard upcoming <= FileLimits.traceSequence,
            let trace = TraceNumber(odfi: odfi.identification, sequence: UInt32(upcoming))
        else { throw .traceNumbersExhausted(limit: FileLimits.traceSequence) }
        upcoming += 1
        return trace
    }
}
