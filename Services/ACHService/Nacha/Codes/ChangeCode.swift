/// What a notification of change corrects (C01 to C14), or why one is refused (C61 to C69).
///
/// One byte; looking one up reads no memory but the three bytes given. The retired codes C10 to
/// C12, which some libraries still list, do not exist here.
///
/// Source: design 3.13.
package struct ChangeCode: ThreeByteCode {
    package static let letter: Unicode.Scalar = "C"

    /// 1 to 69.
    package let value: UInt8

    package init(existing value: UInt8) { self.value = value }

    /// Whether the originating bank refuses a notification with it, instead of correcting.
    package var isRefusal: Bool { value >= 61 }

    /// Every code, in order.
    package static let all: [ChangeCode] = (1...99).compactMap { ChangeCode(number: $0) }

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

    package static func exists(_ value: UInt8) -> Bool {
        switch value {
        case 1...9, 13, 14, 61...69: true
        default: false
        }
    }
}
