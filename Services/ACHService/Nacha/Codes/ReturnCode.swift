/// The reason for which an entry, a return or a dishonour comes back: R01 to R90.
///
/// One byte; looking one up reads no memory but the three bytes given.
///
/// Source: the list of design 3.13, which also gives who uses each range.
package struct ReturnCode: Hashable, Comparable, Sendable, CustomStringConvertible {
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

    private let value: UInt8

    /// The number after the R, 1 to 90.
    package var number: Int { Int(value) }

    /// The code as it is written, such as R01.
    package var text: String { ThreeByteCode.text("R", value) }

    package var description: String { text }

    /// The code with a number, or nil when no such code exists (R48, R60).
    package init?(number: Int) {
        guard let value = UInt8(exactly: number), Self.exists(value) else { return nil }
        self.value = value
    }

    /// The code in three ASCII bytes, or nil when none is written so; lower case is refused.
    package init?(_ first: UInt8, _ second: UInt8, _ third: UInt8) {
        let letter = UInt8(ascii: "R")
        guard let value = ThreeByteCode.number(after: letter, first, second, third) else {
            return nil
        }
        guard Self.exists(value) else { return nil }
        self.value = value
    }

    /// The code as it is written, or nil; lower case and blanks are refused.
    package init?(_ text: some StringProtocol) {
        guard let bytes = ThreeByteCode.bytes(text) else { return nil }
        self.init(bytes.0, bytes.1, bytes.2)
    }

    /// Every code, in order.
    package static let all: [ReturnCode] = (1...99).compactMap { ReturnCode(number: $0) }

    package static func < (left: ReturnCode, right: ReturnCode) -> Bool {
        left.value < right.value
    }

    /// Who sends the code.
    package var kind: Kind {
        switch value {
        case 61, 62, 67...70: .dishonored
        case 71...77: .contested
        case 80...90: .gateway
        default: .return
        }
    }

    private static func exists(_ value: UInt8) -> Bool {
        switch value {
        case 1...47, 50...53, 61, 62, 67...77, 80...85, 90: true
        default: false
        }
    }
}
