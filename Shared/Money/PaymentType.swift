/// How a payment came in: the letters of seed 002's `PaymentType` (contract S2-15).
package enum PaymentType: String, Sendable, CaseIterable, Codable {
    case cash = "C"
    case electronicFundsTransfer = "E"
    case check = "H"
    case ach = "I"
    case creditCard = "R"
    case other = "O"

    /// The word for people.
    package var name: String {
        switch self {
        case .cash: "Cash"
        case .electronicFundsTransfer: "EFT"
        case .check: "Check"
        case .ach: "ACH"
        case .creditCard: "Credit Card"
        case .other: "Other"
        }
    }
}
