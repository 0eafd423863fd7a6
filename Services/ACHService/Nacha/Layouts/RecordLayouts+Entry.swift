extension RecordLayouts {
    /// What stands in positions 40 to 76 is masked whatever a class calls it: a header with the wrong
    /// class must not show names as check serial numbers.
    static let entries: [RecordLayout] = [
        entry(
            .entry,
            [
                .text("identification_number", 40, 54, privacy: .name),
                .text("receiver_name", 55, 76, privacy: .name),
            ]
        ),
        entry(
            .checkEntry,
            [
                .text("check_serial_number", 40, 54, privacy: .name),
                .text("receiver_name", 55, 76, privacy: .name),
            ]
        ),
        entry(
            .pointOfPurchaseEntry,
            [
                .text("check_serial_number", 40, 48, privacy: .name),
                .text("terminal_city", 49, 52, privacy: .name),
                .text("terminal_state", 53, 54, privacy: .name),
                .text("receiver_name", 55, 76, privacy: .name),
            ]
        ),
        entry(
            .sharedNetworkEntry,
            [
                .text("card_expiration_date", 40, 43, privacy: .name),
                .text("document_reference_number", 44, 54, privacy: .name),
                .text("card_account_number", 55, 76, privacy: .account),
            ]
        ),
        entry(
            .nameFirstEntry,
            [
                .text("receiver_name", 40, 54, privacy: .name),
                .text("identification_number", 55, 76, privacy: .name),
            ]
        ),
        entry(
            .exchangeEntry,
            [
                .text("identification_number", 40, 54, privacy: .name),
                .number("number_of_addenda", 55, 58, .entryAddendaCount),
                .text("receiver_name", 59, 74, privacy: .name),
                .blank(75, 76),
            ]
        ),
        internationalEntry,
        adviceEntry,
    ]

    private static func entry(_ kind: RecordKind, _ middle: [Field]) -> RecordLayout {
        RecordLayout(
            kind,
            receiver + [
                .text("account_number", 13, 29, privacy: .account),
                .number("amount_minor_units", 30, 39, .entryAmount),
            ] + middle + [.text("discretionary_data", 77, 78)] + entryEnd
        )
    }

    static let internationalEntry = RecordLayout(
        .internationalEntry,
        receiver + [
            .number("number_of_addenda", 13, 16, .entryAddendaCount),
            .blank(17, 29),
            .number("amount_minor_units", 30, 39, .entryAmount),
            .text("account_number", 40, 74, privacy: .account),
            .blank(75, 76),
            .text("gateway_ofac_indicator", 77, 77),
            .text("secondary_ofac_indicator", 78, 78),
        ] + entryEnd
    )

    static let adviceEntry = RecordLayout(
        .adviceEntry,
        receiver + [
            .text("account_number", 13, 27, privacy: .account),
            .number("amount_minor_units", 28, 39, .entryAmount),
            .digits("advice_routing_number", 40, 48, .entryAdviceFields),
            .text("file_identification", 49, 53),
            .text("ach_operator_data", 54, 54),
            .text("individual_name", 55, 76, privacy: .name),
            .text("discretionary_data", 77, 78),
            .digits("addenda_record_indicator", 79, 79, .entryAddendaIndicator),
            .digits("ach_operator_routing_number", 80, 87, .entryAdviceFields),
            .digits("julian_date", 88, 90, .entryAdviceFields),
            .digits("sequence_number", 91, 94, .entryTrace),
        ]
    )

    private static var receiver: [Field] {
        [
            .constant("6", "record_type_code", 1, .recordType),
            .digits("transaction_code", 2, 3, .entryTransactionCode),
            .digits("receiving_dfi_identification", 4, 11, .entryReceivingDFI),
            .digits("check_digit", 12, 12, .entryCheckDigit),
        ]
    }

    private static var entryEnd: [Field] {
        [
            .digits("addenda_record_indicator", 79, 79, .entryAddendaIndicator),
            .digits("trace_number", 80, 94, .entryTrace),
        ]
    }
}
