extension RecordLayouts {
    static let batchHeader = RecordLayout(
        .batchHeader,
        [
            .constant("5", "record_type_code", 1, .recordType),
            .digits("service_class_code", 2, 4, .batchServiceClass),
            .text("company_name", 5, 20),
            .text("company_discretionary_data", 21, 40),
            .text("company_identification", 41, 50),
            .text("standard_entry_class_code", 51, 53),
            .text("company_entry_description", 54, 63),
            .text("company_descriptive_date", 64, 69),
        ] + batchHeaderEnd
    )

    /// The header of IAT batches, and of changes to them.
    static let internationalBatchHeader = RecordLayout(
        .internationalBatchHeader,
        [
            .constant("5", "record_type_code", 1, .recordType),
            .digits("service_class_code", 2, 4, .batchServiceClass),
            .text("iat_indicator", 5, 20),
            .text("foreign_exchange_indicator", 21, 22),
            .text("foreign_exchange_reference_indicator", 23, 23),
            .text("foreign_exchange_reference", 24, 38),
            .text("destination_country_code", 39, 40),
            .text("originator_identification", 41, 50),
            .text("standard_entry_class_code", 51, 53),
            .text("company_entry_description", 54, 63),
            .text("originating_currency_code", 64, 66),
            .text("destination_currency_code", 67, 69),
        ] + batchHeaderEnd
    )

    private static var batchHeaderEnd: [Field] {
        [
            .text("effective_entry_date", 70, 75),
            .text("settlement_date", 76, 78),
            .text("originator_status_code", 79, 79),
            .digits("originating_dfi_identification", 80, 87, .batchODFI),
            .number("batch_number", 88, 94, .batchNumber),
        ]
    }

    static let batchControl = RecordLayout(
        .batchControl,
        batchControlStart + [
            .number("total_debit_minor_units", ControlFields.batch(isAdvice: false).debits),
            .number("total_credit_minor_units", ControlFields.batch(isAdvice: false).credits),
            .text("company_identification", 45, 54),
            .text("message_authentication_code", 55, 73),
            .blank(74, 79),
        ] + batchControlEnd
    )

    static let adviceBatchControl = RecordLayout(
        .adviceBatchControl,
        batchControlStart + [
            .number("total_debit_minor_units", ControlFields.batch(isAdvice: true).debits),
            .number("total_credit_minor_units", ControlFields.batch(isAdvice: true).credits),
            .text("ach_operator_data", 61, 79),
        ] + batchControlEnd
    )

    private static var batchControlStart: [Field] {
        [
            .constant("8", "record_type_code", 1, .recordType),
            .digits("service_class_code", 2, 4, .batchControlClass),
            .number("entry_addenda_count", ControlFields.batch(isAdvice: false).entryAddendaCount),
            .number("entry_hash", ControlFields.batch(isAdvice: false).hash),
        ]
    }

    private static var batchControlEnd: [Field] {
        [
            .digits("originating_dfi_identification", 80, 87, .batchControlODFI),
            .number("batch_number", 88, 94, .batchControlNumber),
        ]
    }
}
