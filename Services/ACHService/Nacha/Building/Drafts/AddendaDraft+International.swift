/// Why money crosses a border: addenda 10.
package struct TransactionAddendaDraft: Hashable, Sendable {
    /// What the payment is for, or the class that a domestic entry would have had (design 3.7).
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        case annuity = "ANN"
        case business = "BUS"
        case deposit = "DEP"
        case loan = "LOA"
        case miscellaneous = "MIS"
        case mortgage = "MOR"
        case pension = "PEN"
        case remittance = "REM"
        case rent = "RLS"
        case salary = "SAL"
        case tax = "TAX"
        case accountsReceivableCheck = "ARC"
        case backOfficeConversion = "BOC"
        case machineTransfer = "MTE"
        case pointOfPurchase = "POP"
        case pointOfSale = "POS"
        case representedCheck = "RCK"
        case sharedNetwork = "SHR"
        case telephone = "TEL"
        case internet = "WEB"
    }

    package var reason: Reason
    /// In the smallest unit of the receiver's currency.
    package var foreignAmount: UInt64
    package var foreignTrace: String
    package var receiverName: String

    package init(
        reason: Reason,
        foreignAmount: UInt64,
        foreignTrace: String = "",
        receiverName: String
    ) {
        self.reason = reason
        self.foreignAmount = foreignAmount
        self.foreignTrace = foreignTrace
        self.receiverName = receiverName
    }

    func write(to builder: inout RecordBuilder) {
        builder.text("transaction_type_code", reason.rawValue)
        builder.number("foreign_payment_amount", foreignAmount)
        builder.text("foreign_trace_number", foreignTrace)
        builder.text("receiver_name", receiverName, isRequired: true)
    }
}

/// Where a party lives: addenda 12 and 16, whose parts are set off by `*` and ended by `\`.
package struct PartyAddressDraft: Hashable, Sendable {
    package var city: String
    /// State or province; empty where the country has none.
    package var state: String
    /// Two letters of ISO 3166.
    package var country: String
    package var postalCode: String
    /// Up to ten characters in the form that the bank asks for.
    package var dateOfBirth: String

    package init(
        city: String,
        state: String = "",
        country: String,
        postalCode: String = "",
        dateOfBirth: String = ""
    ) {
        self.city = city
        self.state = state
        self.country = country
        self.postalCode = postalCode
        self.dateOfBirth = dateOfBirth
    }

    func write(_ party: String, to builder: inout RecordBuilder) {
        write(party + "_city_and_state", city, state, to: &builder)
        write(party + "_country_and_postal_code", country, postalCode, to: &builder)
        builder.text(party + "_date_of_birth", dateOfBirth)
    }

    /// Writes `FIRST*SECOND\`.
    private func write(
        _ field: String,
        _ first: String,
        _ second: String,
        to builder: inout RecordBuilder
    ) {
        let marks: Set<UInt8> = [UInt8(ascii: "*"), UInt8(ascii: "\\")]
        for part in [first, second] where part.utf8.contains(where: marks.contains) {
            builder.note(.wrongForm(field: field, value: part, form: "a text without * and \\"))
            return
        }
        guard first.utf8.contains(where: { $0 != Character.blank }) else {
            builder.note(.valueMissing(field: field))
            return
        }
        builder.text(field, first + "*" + second + "\\")
    }
}

/// A bank of an IAT payment: addenda 13, 14 and 18.
package struct ForeignBankDraft: Hashable, Sendable {
    /// By which kind of number the bank is known, positions 39-40.
    package enum Qualifier: String, Hashable, Sendable, CaseIterable {
        case nationalClearing = "01"
        case bic = "02"
        case iban = "03"
    }

    package var name: String
    package var qualifier: Qualifier
    package var identification: String
    /// Two letters of ISO 3166.
    package var branchCountry: String

    package init(
        name: String,
        qualifier: Qualifier,
        identification: String,
        branchCountry: String
    ) {
        self.name = name
        self.qualifier = qualifier
        self.identification = identification
        self.branchCountry = branchCountry
    }

    func write(_ party: String, to builder: inout RecordBuilder) {
        builder.text(party + "_name", name, isRequired: true)
        builder.text(party + "_identification_qualifier", qualifier.rawValue)
        builder.text(party + "_identification", identification, isRequired: true)
        builder.capitals(party + "_branch_country_code", branchCountry, count: 2)
    }
}
