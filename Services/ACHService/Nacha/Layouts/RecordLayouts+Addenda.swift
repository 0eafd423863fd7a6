extension RecordLayouts {
    static let addenda: [RecordLayout] = [
        RecordLayout(
            .terminalAddenda,
            type("02") + [
                .text("reference_information_1", 4, 10),
                .text("reference_information_2", 11, 13),
                .text("terminal_identification_code", 14, 19),
                .text("transaction_serial_number", 20, 25),
                .text("transaction_date", 26, 29),
                .text("authorization_code", 30, 35),
                .text("terminal_location", 36, 62),
                .text("terminal_city", 63, 77),
                .text("terminal_state", 78, 79),
                .digits("trace_number", 80, 94, .addendaTrace),
            ]
        ),
        RecordLayout(
            .paymentAddenda,
            type("05") + [.text("payment_related_information", 4, 83, privacy: .name)]
                + numbered
        ),
    ]

    /// What answers an earlier entry: changes, returns, dishonored and contested returns.
    static let answers: [RecordLayout] = [
        RecordLayout(
            .changeAddenda,
            type("98") + [.text("change_code", 4, 6)] + original + [
                .text("corrected_data", 36, 64, privacy: .account),
                .text("corrected_data_continued", 65, 70, privacy: .account),
                .blank(71, 79),
            ] + trace
        ),
        RecordLayout(
            .refusedChangeAddenda,
            type("98") + [.text("refused_change_code", 4, 6)] + original + [
                .text("corrected_data", 36, 64, privacy: .account),
                .text("change_code", 65, 67),
                .digits("trace_sequence_number", 68, 74, .addendaReturnTrace),
                .blank(75, 79),
            ] + trace
        ),
        RecordLayout(
            .returnAddenda,
            type("99") + [
                .text("return_reason_code", 4, 6),
                .digits("original_trace_number", 7, 21, .addendaOriginalTrace),
                .text("date_of_death", 22, 27),
                .digits("original_receiving_dfi", 28, 35, .addendaOriginalDFI),
                .text("addenda_information", 36, 79),
            ] + trace
        ),
        RecordLayout(
            .dishonoredAddenda,
            type("99") + [.text("dishonored_return_reason_code", 4, 6)] + original + [
                .blank(36, 38),
                .digits("return_trace_number", 39, 53, .addendaReturnTrace),
                .digits("return_settlement_date", 54, 56, .addendaReturnTrace),
                .text("return_reason_code", 57, 58),
                .text("addenda_information", 59, 79),
            ] + trace
        ),
        RecordLayout(
            .contestedAddenda,
            type("99") + [
                .text("contested_return_code", 4, 6),
                .digits("original_trace_number", 7, 21, .addendaOriginalTrace),
                .text("date_original_entry_returned", 22, 27),
                .digits("original_receiving_dfi", 28, 35, .addendaOriginalDFI),
                .text("original_settlement_date", 36, 38),
                .digits("return_trace_number", 39, 53, .addendaReturnTrace),
                .digits("return_settlement_date", 54, 56, .addendaReturnTrace),
                .text("return_reason_code", 57, 58),
                .digits("dishonored_return_trace_number", 59, 73, .addendaReturnTrace),
                .digits("dishonored_return_settlement_date", 74, 76, .addendaReturnTrace),
                .text("dishonored_return_reason_code", 77, 78),
                .blank(79, 79),
            ] + trace
        ),
    ]

    static func type(_ code: String) -> [Field] {
        [
            .constant("7", "record_type_code", 1, .recordType),
            .constant(code, "addenda_type_code", 2, .addendaType),
        ]
    }

    /// The number among the entry's addenda, and which entry that is.
    static var numbered: [Field] {
        [.number("addenda_sequence_number", 84, 87, .addendaSequence)] + entrySequence
    }

    static var entrySequence: [Field] {
        [.digits("entry_detail_sequence_number", 88, 94, .addendaEntrySequence)]
    }

    private static var trace: [Field] { [.digits("trace_number", 80, 94, .addendaTrace)] }

    private static var original: [Field] {
        [
            .digits("original_trace_number", 7, 21, .addendaOriginalTrace),
            .blank(22, 27),
            .digits("original_receiving_dfi", 28, 35, .addendaOriginalDFI),
        ]
    }
}
