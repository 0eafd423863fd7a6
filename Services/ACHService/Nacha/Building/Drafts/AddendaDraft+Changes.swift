/// A correction that a bank sends: addenda 98.
package struct ChangeDraft: Hashable, Sendable {
    /// C01 to C14.
    package var code: ChangeCode
    package var original: OriginalEntry
    /// The field as it is laid out for its code, up to 29 characters, 35 for IAT (`CorrectedData`).
    package var correctedData: String

    package init(code: ChangeCode, original: OriginalEntry, correctedData: String) {
        self.code = code
        self.original = original
        self.correctedData = correctedData
    }

    func write(to builder: inout RecordBuilder) {
        builder.change("change_code", code)
        original.write(to: &builder)
        let bytes = correctedData.utf8
        guard bytes.count <= 35 else {
            builder.note(.textTooLong(field: "corrected_data", value: correctedData, limit: 35))
            return
        }
        builder.text(
            "corrected_data",
            String(decoding: bytes.prefix(29), as: UTF8.self),
            isRequired: true
        )
        builder.text(
            "corrected_data_continued",
            String(decoding: bytes.dropFirst(29), as: UTF8.self)
        )
    }
}

/// A correction that the originating bank refuses: addenda 98.
package struct RefusedChangeDraft: Hashable, Sendable {
    /// C61 to C69.
    package var code: ChangeCode
    package var original: OriginalEntry
    package var correctedData: String
    /// The code of the change that is refused.
    package var changeCode: ChangeCode
    /// The last seven digits of its trace number.
    package var changeSequence: UInt32

    package init(
        code: ChangeCode,
        original: OriginalEntry,
        correctedData: String,
        changeCode: ChangeCode,
        changeSequence: UInt32
    ) {
        self.code = code
        self.original = original
        self.correctedData = correctedData
        self.changeCode = changeCode
        self.changeSequence = changeSequence
    }

    func write(to builder: inout RecordBuilder) {
        builder.refusal("refused_change_code", code)
        original.write(to: &builder)
        builder.text("corrected_data", correctedData, isRequired: true)
        builder.change("change_code", changeCode)
        builder.number("trace_sequence_number", UInt64(changeSequence))
    }
}
