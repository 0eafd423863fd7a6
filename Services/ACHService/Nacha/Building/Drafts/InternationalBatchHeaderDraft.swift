/// What the header of an IAT batch is made of, or of a batch of changes to IAT entries.
///
/// Source: design 3.7, record 5, IAT form. Batches are numbered when they are closed.
package struct InternationalBatchHeaderDraft: Hashable, Sendable {
    /// How amounts are converted between the two currencies, positions 21-22.
    package enum ForeignExchange: String, Hashable, Sendable, CaseIterable {
        case fixedToVariable = "FV"
        case variableToFixed = "VF"
        case fixedToFixed = "FF"
    }

    /// What the foreign exchange reference is, position 23.
    package enum ForeignExchangeReference: Hashable, Sendable {
        case rate(String)
        case reference(String)
        case none
    }

    package var serviceClass: ServiceClass
    /// Whether the batch holds changes: IATCOR, under the class COR.
    package var isChange: Bool
    package var foreignExchange: ForeignExchange
    package var foreignExchangeReference: ForeignExchangeReference
    /// Two letters of ISO 3166.
    package var destinationCountry: String
    package var originatorID: String
    package var entryDescription: String
    /// Three letters of ISO 4217.
    package var originatingCurrency: String
    package var destinationCurrency: String
    /// When the entries are to settle; blank where it is nil.
    package var effectiveDate: CivilDate?
    /// The day of the year on which they settled: the operator's, nil from an originator.
    package var settlementDay: Int?
    package var originatorStatus: BatchHeaderDraft.OriginatorStatus
    package var odfi: RoutingNumber

    package init(
        serviceClass: ServiceClass,
        isChange: Bool = false,
        foreignExchange: ForeignExchange = .fixedToFixed,
        foreignExchangeReference: ForeignExchangeReference = .none,
        destinationCountry: String,
        originatorID: String,
        entryDescription: String,
        originatingCurrency: String = "USD",
        destinationCurrency: String = "USD",
        effectiveDate: CivilDate?,
        settlementDay: Int? = nil,
        originatorStatus: BatchHeaderDraft.OriginatorStatus = .depositoryInstitution,
        odfi: RoutingNumber
    ) {
        self.serviceClass = serviceClass
        self.isChange = isChange
        self.foreignExchange = foreignExchange
        self.foreignExchangeReference = foreignExchangeReference
        self.destinationCountry = destinationCountry
        self.originatorID = originatorID
        self.entryDescription = entryDescription
        self.originatingCurrency = originatingCurrency
        self.destinationCurrency = destinationCurrency
        self.effectiveDate = effectiveDate
        self.settlementDay = settlementDay
        self.originatorStatus = originatorStatus
        self.odfi = odfi
    }

    /// The batch header (5), with number 1 until the batch is closed.
    package func record() throws(BuildingFaults) -> Record {
        var builder = RecordBuilder(.internationalBatchHeader)
        builder.number("service_class_code", UInt64(serviceClass.rawValue))
        builder.text("iat_indicator", isChange ? "IATCOR" : "")
        builder.text("foreign_exchange_indicator", foreignExchange.rawValue)
        switch foreignExchangeReference {
        case .rate(let rate): builder.foreignExchangeReference("1", rate)
        case .reference(let number): builder.foreignExchangeReference("2", number)
        case .none: builder.text("foreign_exchange_reference_indicator", "3")
        }
        builder.capitals("destination_country_code", destinationCountry, count: 2)
        builder.text("originator_identification", originatorID, isRequired: true)
        builder.text(
            "standard_entry_class_code",
            isChange ? StandardEntryClass.cor.rawValue : StandardEntryClass.iat.rawValue
        )
        builder.text("company_entry_description", entryDescription, isRequired: true)
        builder.capitals("originating_currency_code", originatingCurrency, count: 3)
        builder.capitals("destination_currency_code", destinationCurrency, count: 3)
        builder.batchHeaderEnd(effectiveDate, settlementDay, originatorStatus, odfi)
        return try builder.finished()
    }
}

extension RecordBuilder {
    fileprivate mutating func foreignExchangeReference(_ indicator: String, _ value: String) {
        text("foreign_exchange_reference_indicator", indicator)
        text("foreign_exchange_reference", value, isRequired: true)
    }

    /// Writes a code of so many capital letters: countries and currencies.
    mutating func capitals(_ name: String, _ value: String, count: Int) {
        text(name, value, form: "\(count) capital letters") {
            $0.count == count && $0.allSatisfy(Character.isUpperCaseLetter)
        }
    }
}
