internal import Nacha

/// Which kind of record an object is, before its fields are read.
extension DocumentReader {
    /// The member of a name among those that were found.
    private func find(_ name: String) -> Int? {
        members.first { cursor.key($0) == name }?.value
    }

    /// The text of a member, where it is a string.
    private func text(_ name: String) -> String? {
        find(name).flatMap { cursor.isString($0) ? cursor.string($0) : nil }
    }

    /// Whether a header is one of IAT: by `record`, by `kind`, or by what makes it one.
    func headerKind() -> RecordKind {
        if let record = find("record"), cursor.isString(record), let bytes = latin1(record) {
            return Record(bytes).withView { RecordKind(batchHeader: $0) }
        }
        if text("kind") == RecordKind.internationalBatchHeader.rawValue {
            return .internationalBatchHeader
        }
        let isInternational =
            text("standard_entry_class_code") == "IAT" || text("iat_indicator") == "IATCOR"
        return isInternational ? .internationalBatchHeader : .batchHeader
    }

    /// The kind of addenda: by `record`, by `kind`, or by the type and the codes beside it.
    mutating func addendaKind(_ place: DocumentPlace) -> RecordKind? {
        if let record = find("record"), cursor.isString(record), let bytes = latin1(record) {
            return Record(bytes).withView { RecordKind(addenda: $0) }
        }
        if let kind = text("kind").flatMap(RecordKind.init), kind.isAddenda { return kind }
        guard let value = value(find("type"), place, "type", .string) else { return nil }
        let type = cursor.string(value)
        if type == "98", find("refused_change_code") != nil { return .refusedChangeAddenda }
        if type == "99", find("contested_return_code") != nil { return .contestedAddenda }
        if type == "99", find("dishonored_return_reason_code") != nil { return .dishonoredAddenda }
        if let kind = RecordKind(rawValue: "addenda_" + type) { return kind }
        faults.add(
            .wrongKind,
            place,
            "type",
            value: type,
            "No addenda are of this type.",
            "Give 02, 05, 10 to 18, 98 or 99."
        )
        return nil
    }

    /// Reports a kind or type that is not the record's.
    mutating func checkKind(_ draft: RecordDraft, _ plan: RecordPlan, _ place: DocumentPlace) {
        check(draft.kind, "kind", plan.kind.rawValue, place)
        if let type = plan.kind.addendaType { check(draft.type, "type", type, place) }
    }

    private mutating func check(
        _ value: Int?,
        _ name: String,
        _ wanted: String,
        _ place: DocumentPlace
    ) {
        guard let value else { return }
        guard cursor.isString(value) else {
            return noteWrongType(place, name, value, "a string")
        }
        let given = cursor.string(value)
        if given != wanted { noteWrongKind(place, name, given, wanted) }
    }

    mutating func noteWrongKind(
        _ place: DocumentPlace,
        _ member: String,
        _ given: String,
        _ wanted: String
    ) {
        faults.add(
            .wrongKind,
            place,
            member,
            value: given,
            "The record is of another kind: \(wanted).",
            "Leave the member out, or give \"\(wanted)\"."
        )
    }
}
