extension RecordLayouts {
    /// The addenda of IAT entries: 10 to 16 once each, then 17 and 18.
    static let internationalAddenda: [RecordLayout] = [
        RecordLayout(
            .transactionAddenda,
            type("10") + [
                .text("transaction_type_code", 4, 6),
                .number("foreign_payment_amount", 7, 24, .addendaForeignAmount),
                .text("foreign_trace_number", 25, 46),
                .text("receiver_name", 47, 81, privacy: .name),
                .blank(82, 87),
            ] + entrySequence
        ),
        RecordLayout(
            .originatorAddenda,
            type("11") + [
                .text("originator_name", 4, 38, privacy: .name),
                .text("originator_street_address", 39, 73, privacy: .name),
                .blank(74, 87),
            ] + entrySequence
        ),
        address(.originatorAddressAddenda, "12", "originator"),
        bank(.originatingBankAddenda, "13", "odfi"),
        bank(.receivingBankAddenda, "14", "rdfi"),
        RecordLayout(
            .receiverAddenda,
            type("15") + [
                .text("receiver_identification_number", 4, 18, privacy: .name),
                .text("receiver_street_address", 19, 53, privacy: .name),
                .blank(54, 87),
            ] + entrySequence
        ),
        address(.receiverAddressAddenda, "16", "receiver"),
        RecordLayout(
            .remittanceAddenda,
            type("17") + [.text("payment_related_information", 4, 83, privacy: .name)]
                + numbered
        ),
        RecordLayout(
            .correspondentAddenda,
            type("18") + bankFields("correspondent_bank") + [.blank(78, 83)] + numbered
        ),
    ]

    private static func address(
        _ kind: RecordKind,
        _ code: String,
        _ party: String
    ) -> RecordLayout {
        RecordLayout(
            kind,
            type(code) + [
                .text(party + "_city_and_state", 4, 38, privacy: .name),
                .text(party + "_country_and_postal_code", 39, 73, privacy: .name),
                .text(party + "_date_of_birth", 74, 83, privacy: .name),
                .blank(84, 87),
            ] + entrySequence
        )
    }

    private static func bank(
        _ kind: RecordKind,
        _ code: String,
        _ party: String
    ) -> RecordLayout {
        RecordLayout(kind, type(code) + bankFields(party) + [.blank(78, 87)] + entrySequence)
    }

    private static func bankFields(_ party: String) -> [Field] {
        [
            .text(party + "_name", 4, 38),
            .text(party + "_identification_qualifier", 39, 40),
            .text(party + "_identification", 41, 74),
            .text(party + "_branch_country_code", 75, 77),
        ]
    }
}
