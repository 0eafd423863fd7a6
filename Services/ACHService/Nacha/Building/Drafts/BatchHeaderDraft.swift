/// What a batch header is made of, of every class but IAT.
///
/// Source: design 3.7, record 5. Batches are numbered when they are closed.
package struct BatchHeaderDraft: Hashable, Sendable {
    /// Who the originator is, position 79.
    package enum OriginatorStatus: Int, Hashable, Sendable, CaseIterable {
        /// An ACH operator, for ADV alone.
        case operatorOfNetwork = 0
        case depositoryInstitution = 1
        /// A federal agency; DNE wants it.
        case federalGovernment = 2
    }

    package var serviceClass: ServiceClass
    package var companyName: String
    package var discretionaryData: String
    package var companyID: String
    package var entryClass: StandardEntryClass
    /// What the entries are for, in words for the receiver: TUITION.
    package var entryDescription: String
    /// A date for the receiver's eyes, or `SDhhmm` for same-day intent.
    package var descriptiveDate: String
    /// When the entries are to settle; blank where it is nil.
    package var effectiveDate: CivilDate?
    /// The day of the year on which they settled: the operator's, nil from an originator.
    package var settlementDay: Int?
    package var originatorStatus: OriginatorStatus
    /// The bank that originates.
    package var odfi: RoutingNumber

    package init(
        serviceClass: ServiceClass,
        companyName: String,
        discretionaryData: String = "",
        companyID: String,
        entryClass: StandardEntryClass,
        entryDescription: String,
        descriptiveDate: String = "",
        effectiveDate: CivilDate?,
        settlementDay: Int? = nil,
        originatorStatus: OriginatorStatus = .depositoryInstitution,
        odfi: RoutingNumber
    ) {
        self.serviceClass = serviceClass
        self.companyName = companyName
        self.discretionaryData = discretionaryData
        self.companyID = companyID
        self.entryClass = entryClass
        self.entryDescription = entryDescription
        self.descriptiveDate = descriptiveDate
        self.effectiveDate = effectiveDate
        self.settlementDay = settlementDay
        self.originatorStatus = originatorStatus
        self.odfi = odfi
    }

    /// The batch header (5), with number 1 until the batch is closed.
    ///
    /// IAT batches have another form: `InternationalBatchHeaderDraft`.
    package func record() throws(BuildingFaults) -> Record {
        var builder = RecordBuilder(.batchHeader)
        builder.number("service_class_code", UInt64(serviceClass.rawValue))
        builder.text("company_name", companyName, isRequired: true)
        builder.text("company_discretionary_data", discretionaryData)
        builder.text("company_identification", companyID, isRequired: true)
        builder.text("standard_entry_class_code", entryClass.rawValue)
        if entryClass == .iat {
            builder.note(
                .wrongForm(
                    field: "standard_entry_class_code",
                    value: entryClass.rawValue,
                    form: "a class other than IAT, whose header has other fields"
                )
            )
        }
        builder.text("company_entry_description", entryDescription, isRequired: true)
        builder.text("company_descriptive_date", descriptiveDate)
        builder.batchHeaderEnd(effectiveDate, settlementDay, originatorStatus, odfi)
        return try builder.finished()
    }
}

extension RecordBuilder {
    /// Writes what both forms of batch header end with.
    mutating func batchHeaderEnd(
        _ effectiveDate: CivilDate?,
        _ settlementDay: Int?,
        _ originatorStatus: BatchHeaderDraft.OriginatorStatus,
        _ odfi: RoutingNumber
    ) {
        if let effectiveDate { date("effective_entry_date", effectiveDate) }
        if let settlementDay { dayOfYear("settlement_date", settlementDay) }
        text("originator_status_code", "\(originatorStatus.rawValue)")
        number("originating_dfi_identification", UInt64(odfi.identification))
        number("batch_number", 1)
    }
}
