/// What an entry is made of, in every form that entries have.
///
/// `entry(trace:)` writes it: check digit, addenda indicator and count, addenda numbers and trace
/// numbers are filled in, texts are checked field by field. Whether the values go together, such as a
/// prenote's amount and its code, is the validator's to say.
///
/// Source: design 3.7, record 6.
package struct EntryDraft: Hashable, Sendable {
    package var transactionCode: TransactionCode
    package var receiver: RoutingNumber
    /// Blanks are dropped, hyphens kept; of what is longer than the field the leftmost
    /// characters stay (design 3.2).
    package var accountNumber: String
    package var amountMinorUnits: UInt64
    /// The fields in which the forms differ.
    package var details: Details
    /// Positions 77-78: the payment type of WEB and TEL, the card type of POS and SHR.
    package var discretionaryData: String
    /// In the order in which they follow.
    package var addenda: [AddendaDraft]

    package init(
        transactionCode: TransactionCode,
        receiver: RoutingNumber,
        accountNumber: String,
        amountMinorUnits: UInt64,
        details: Details,
        discretionaryData: String = "",
        addenda: [AddendaDraft] = []
    ) {
        self.transactionCode = transactionCode
        self.receiver = receiver
        self.accountNumber = accountNumber
        self.amountMinorUnits = amountMinorUnits
        self.details = details
        self.discretionaryData = discretionaryData
        self.addenda = addenda
    }

    /// The fields in which the forms of entries differ.
    package enum Details: Hashable, Sendable {
        case standard(identification: String, name: String)
        /// ARC, BOC, RCK.
        case check(serial: String, name: String)
        case pointOfPurchase(serial: String, city: String, state: String, name: String)
        case sharedNetwork(expiry: CardExpiry, documentReference: String, cardAccount: String)
        /// CIE, MTE.
        case nameFirst(name: String, identification: String)
        /// CTX, ATX, TRX.
        case exchange(identification: String, name: String)
        /// Whether the gateway, and another screener, found the parties on a list: OFAC.
        case international(isListedByGateway: Bool?, isListedBySecondary: Bool?)
        case advice(Advice)
    }

    /// The month in which a card expires.
    package struct CardExpiry: Hashable, Sendable {
        /// 1 to 12.
        package let month: Int
        package let year: Int

        /// The month, or nil where there is none.
        package init?(year: Int, month: Int) {
            guard (1...12).contains(month), (1...9999).contains(year) else { return nil }
            self.year = year
            self.month = month
        }

        /// MMYY.
        package var text: String {
            DecimalText.digits(UInt64(month * 100 + year % 100), count: 4)
        }
    }

    /// The fields of an ADV entry; its operator and sequence stand in the trace number.
    package struct Advice: Hashable, Sendable {
        package var adviceRouting: RoutingNumber
        package var fileIdentification: String
        /// One character.
        package var operatorData: String
        package var name: String
        /// The day of the year on which the advice was made, 1 to 366.
        package var dayOfYear: Int

        package init(
            adviceRouting: RoutingNumber,
            fileIdentification: String,
            operatorData: String = "",
            name: String,
            dayOfYear: Int
        ) {
            self.adviceRouting = adviceRouting
            self.fileIdentification = fileIdentification
            self.operatorData = operatorData
            self.name = name
            self.dayOfYear = dayOfYear
        }
    }
}
