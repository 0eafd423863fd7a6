/// The originator's own account, against which batches are balanced.
package struct OffsetAccount: Hashable, Sendable {
    /// What kind of account it is; loans take no debits.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case checking
        case savings
        case generalLedger = "general_ledger"

        /// The code of a live entry to the account (design 3.3).
        func code(_ side: TransactionCode.Side) -> UInt8 {
            let tens: UInt8 =
                switch self {
                case .checking: 20
                case .savings: 30
                case .generalLedger: 40
                }
            return tens + (side == .credit ? 2 : 7)
        }
    }

    /// What is wrong with an account; its number and name are not told.
    package enum Problem: String, Hashable, Sendable, CaseIterable {
        case accountNumber
        case name
        case identificationNumber

        package var title: String {
            switch self {
            case .accountNumber: "account number"
            case .name: "name"
            case .identificationNumber: "identification number"
            }
        }

        package var remedy: String {
            switch self {
            case .accountNumber: "Give 1 to 17 printable characters, not zeros alone."
            case .name: "Give 1 to 16 printable characters."
            case .identificationNumber: "Give at most 15 printable characters."
            }
        }
    }

    package let routing: RoutingNumber
    package let number: String
    package let kind: Kind
    package let name: String
    /// Positions 40-54 of the entry; may be empty.
    package let identificationNumber: String

    /// An account; refused where a value does not fit its field, a name above 16 characters included,
    /// since CTX entries have no more.
    package init(
        routing: RoutingNumber,
        number: String,
        kind: Kind,
        name: String,
        identificationNumber: String = ""
    ) throws(TransformFault) {
        guard Self.fits(number, 17) else { throw .offsetAccountInvalid(.accountNumber) }
        guard Self.fits(name, 16) else { throw .offsetAccountInvalid(.name) }
        guard identificationNumber.isEmpty || Self.fits(identificationNumber, 15) else {
            throw .offsetAccountInvalid(.identificationNumber)
        }
        self.routing = routing
        self.number = number
        self.kind = kind
        self.name = name
        self.identificationNumber = identificationNumber
    }

    /// Whether a text says something, is printable, and is no longer than a limit.
    private static func fits(_ text: String, _ limit: Int) -> Bool {
        text.utf8.count <= limit && text.utf8.allSatisfy(Character.printable.contains)
            && text.utf8.contains { $0 != Character.blank && $0 != Character.zero }
    }
}
