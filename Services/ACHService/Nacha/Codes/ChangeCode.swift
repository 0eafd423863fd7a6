/// What a notification of change corrects (C01 to C14), or why one is refused (C61 to C69).
///
/// One byte; looking one up reads no memory but the three bytes given. The retired codes C10 to
/// C12, which some libraries still list, do not exist here.
///
/// Source: design 3.13.
package struct ChangeCode: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let value: UInt8

    /// The number after the C, 1 to 69.
    package var number: Int { Int(value) }

    /// The code as it is written, such as C01.
    package var text: String { ThreeByteCode.text("C", value) }

    package var description: String { text }

    /// Whether the originating bank refuses a notification with it, instead of correcting.
    package var isRefusal: Bool { value >= 61 }

    /// The code with a number, or nil when no such code exists (C10, C60).
    package init?(number: Int) {
        guard let value = UInt8(exactly: number), Self.exists(value) else { return nil }
        self.value = value
    }

    /// The code in three ASCII bytes, or nil when none is written so; lower case is refused.
    package init?(_ first: UInt8, _ second: UInt8, _ third: UInt8) {
        let letter = UInt8(ascii: "C")
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
    package static let all: [ChangeCode] = (1...99).compactMap { ChangeCode(number: $0) }

    package static func < (left: ChangeCode, right: ChangeCode) -> Bool {
        left.value < right.value
    }

    /// What it corrects or refuses, in a few words.
    package var title: String {
        switch value {
        case 1: "Incorrect account number"
        case 2: "Incorrect routing number"
        case 3: "Incorrect routing number and account number"
        case 4: "Incorrect name"
        case 5: "Incorrect transaction code"
        case 6: "Incorrect account number and transaction code"
        case 7: "Incorrect routing number, account number and transaction code"
        case 8: "Incorrect receiving DFI identification (IAT)"
        case 9: "Incorrect individual identification"
        case 13: "Addenda format error"
        case 14: "Incorrect SEC code for outbound international payment"
        case 61: "Misrouted notification of change"
        case 62: "Incorrect trace number"
        case 63: "Incorrect company identification"
        case 64: "Incorrect individual identification"
        case 65: "Incorrectly formatted corrected data"
        case 66: "Incorrect discretionary data"
        case 67: "Routing number not from the original entry"
        case 68: "Account number not from the original entry"
        default: "Incorrect transaction code"
        }
    }

    private static func exists(_ value: UInt8) -> Bool {
        switch value {
        case 1...9, 13, 14, 61...69: true
        default: false
        }
    }
}
