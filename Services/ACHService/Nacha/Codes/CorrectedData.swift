/// The corrected data of a notification of change, taken apart as its change code says.
///
/// The field is positions 36 to 64 of an addenda 98. A part that is blank, too long or not made
/// of what it must be stays nil, and the others are still given; apply nothing unless
/// ``isComplete``, since a field whose parts cannot be told apart leaves them uncertain.
///
/// An account keeps its inner blanks, as the bank wrote it (design 3.11 has one seen in practice,
/// under C06); whoever writes it into an entry drops them there (design 3.2).
///
/// Source: design 3.2 and 3.6 for the field and the parts; the columns of each part are recorded
/// in moov-io/paygate (notes on its handling of change codes, after page OR 167 of the Nacha
/// Operating Rules 2013).
package struct CorrectedData: Hashable, Sendable {
    /// A set of the things that a change code can correct.
    package struct Parts: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let routingNumber = Parts(rawValue: 1)
        package static let accountNumber = Parts(rawValue: 2)
        package static let name = Parts(rawValue: 4)
        package static let transactionCode = Parts(rawValue: 8)
        package static let individualIdentification = Parts(rawValue: 16)
        package static let foreignBank = Parts(rawValue: 32)
    }

    /// The code under which the field was read.
    package let code: ChangeCode

    /// The new routing number, nine digits; its check digit is not tested here.
    package internal(set) var routingNumber: String?

    /// The new account number, 1 to 17 characters, with its inner blanks.
    package internal(set) var accountNumber: String?

    /// The new name, 1 to 22 characters; a longer one is cut there.
    package internal(set) var name: String?

    /// The new transaction code, two digits; whether it exists is not tested here.
    package internal(set) var transactionCode: Int?

    /// The new identification of the receiver, 1 to 22 characters.
    package internal(set) var individualIdentification: String?

    /// The new identification of the foreign bank (C08), the whole field, positions 36 to 70.
    package internal(set) var foreignBank: String?

    /// Whether a part stood outside its columns and was found by its look.
    package internal(set) var isDisplaced = false

    /// The parts that were found.
    package var found: Parts {
        var parts: Parts = []
        if routingNumber != nil { parts.insert(.routingNumber) }
        if accountNumber != nil { parts.insert(.accountNumber) }
        if name != nil { parts.insert(.name) }
        if transactionCode != nil { parts.insert(.transactionCode) }
        if individualIdentification != nil { parts.insert(.individualIdentification) }
        if foreignBank != nil { parts.insert(.foreignBank) }
        return parts
    }

    /// The parts that the code corrects and the field does not give.
    package var missing: Parts { code.correctedParts.subtracting(found) }

    /// Whether the field gives all that the code corrects; false for a code that corrects nothing.
    package var isComplete: Bool { !code.correctedParts.isEmpty && missing.isEmpty }
}

extension ChangeCode {
    /// What a notification with the code brings in its corrected data.
    ///
    /// Empty for C13 and C14, which name a fault of form, and for refusals, whose field repeats
    /// that of the notification they refuse.
    package var correctedParts: CorrectedData.Parts {
        switch number {
        case 1: .accountNumber
        case 2: .routingNumber
        case 3: [.routingNumber, .accountNumber]
        case 4: .name
        case 5: .transactionCode
        case 6: [.accountNumber, .transactionCode]
        case 7: [.routingNumber, .accountNumber, .transactionCode]
        case 8: .foreignBank
        case 9: .individualIdentification
        default: []
        }
    }
}
