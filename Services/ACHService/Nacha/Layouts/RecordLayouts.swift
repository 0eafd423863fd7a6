/// The layouts of all records, field by field (design 3.2 and 3.7).
package enum RecordLayouts {
    /// The layout of every kind that is a record.
    static let all: [RecordKind: RecordLayout] = {
        let layouts =
            [fileHeader, fileControl, adviceFileControl, filler]
            + [batchHeader, internationalBatchHeader, batchControl, adviceBatchControl]
            + entries + addenda + internationalAddenda + answers
        return Dictionary(uniqueKeysWithValues: layouts.map { ($0.kind, $0) })
    }()

    /// The names of fields that are masked in some record.
    package static let privateNames: Set<String> = Set(
        all.values.flatMap(\.fields).filter { $0.privacy != .open }.map(\.name)
    )

    static let fileHeader = RecordLayout(
        .fileHeader,
        [
            .constant("1", "record_type_code", 1, .recordType),
            .constant("01", "priority_code", 2, .fileHeaderPriorityCode),
            .text("immediate_destination", 4, 13),
            .text("immediate_origin", 14, 23),
            .digits("file_creation_date", 24, 29, .fileHeaderCreationDate),
            .text("file_creation_time", 30, 33),
            .text("file_id_modifier", 34, 34),
            .constant("094", "record_size", 35, .fileHeaderRecordSize),
            .constant("10", "blocking_factor", 38, .fileHeaderBlockingFactor),
            .constant("1", "format_code", 40, .fileHeaderFormatCode),
            .text("immediate_destination_name", 41, 63),
            .text("immediate_origin_name", 64, 86),
            .text("reference_code", 87, 94),
        ]
    )

    static let fileControl = RecordLayout(
        .fileControl,
        [
            .constant("9", "record_type_code", 1, .recordType),
            .number("batch_count", 2, 7, .fileControlBatchCount),
            .number("block_count", 8, 13, .fileControlBlockCount),
            .number("entry_addenda_count", ControlFields.file(isAdvice: false).entryAddendaCount),
            .number("entry_hash", ControlFields.file(isAdvice: false).hash),
            .number("total_debit_minor_units", ControlFields.file(isAdvice: false).debits),
            .number("total_credit_minor_units", ControlFields.file(isAdvice: false).credits),
            .blank(56, 94),
        ]
    )

    static let adviceFileControl = RecordLayout(
        .adviceFileControl,
        [
            .constant("9", "record_type_code", 1, .recordType),
            .number("batch_count", 2, 7, .fileControlBatchCount),
            .number("block_count", 8, 13, .fileControlBlockCount),
            .number("entry_addenda_count", ControlFields.file(isAdvice: true).entryAddendaCount),
            .number("entry_hash", ControlFields.file(isAdvice: true).hash),
            .number("total_debit_minor_units", ControlFields.file(isAdvice: true).debits),
            .number("total_credit_minor_units", ControlFields.file(isAdvice: true).credits),
            .blank(72, 94),
        ]
    )

    static let filler = RecordLayout(
        .filler,
        [
            .constant(
                String(repeating: "9", count: RecordView.length),
                "filler",
                1,
                .fileFillerContent
            )
        ]
    )
}
