/// The reason for which an entry, a return or a dishonour comes back: R01 to R90.
///
/// One byte; looking one up reads no memory but the three bytes given.
///
/// Source: the list of design 3.13, which also gives who uses each range.
package struct ReturnCode: ThreeByteCode {
    /// Who sends a code, and about what.
    package enum Kind: Hashable, Sendable, CaseIterable {
        /// The receiving bank, or the operator, returns an entry.
        case `return`

        /// The originating bank dishonours a return.
        case dishonored

        /// The receiving bank contests a dishonour.
        case contested

        /// The gateway, or the receiving bank, returns an international entry.
        case gateway
    }

    package static let letter: Unicode.Scalar = "R"

    /// 1 to 90.
    package let value: UInt8

    package init(existing value: UInt8) { self.value = value }

    /// Every code, in order.
    package static let all: [ReturnCode] = (1...99).compactMap { ReturnCode(number: $0) }

    /// Who sends the code.
    package var kind: Kind {
        switch value {
        case 61, 62, 67...70: .dishonored
        case 71...77: .contested
        case 80...90: .gateway
        default: .return
        }
    }

    package static func exists(_ value: UInt8) -> Bool {
        switch value {
        case 1...47, 50...53, 61, 62, 67...77, 80...85, 90: true
        default: false
        }
    }
}
