internal import Nacha

/// What is computed where a document with `"build":true` leaves it out.
///
/// Of the file header: constants; nine digits of destination and origin get their blank. Of batch
/// headers: the service class from the entries, the originator's status, the number. Of entries: the
/// check digit, `routing_number` in place of both parts, the addenda indicator and count, the trace
/// number from the ODFI and one ascending sequence. Of addenda: their numbers and the entry's. Then
/// controls and filler. Text that may be blank may be left out everywhere.
extension DocumentReader {
    /// Texts without which no valid record comes about, and which nothing tells.
    private static let mandatory: Set<String> = [
        "immediate_destination", "immediate_origin", "file_creation_time", "file_id_modifier",
        "company_name", "company_identification", "standard_entry_class_code",
        "company_entry_description", "originator_identification", "destination_country_code",
        "account_number", "check_serial_number", "card_expiration_date", "card_account_number",
        "transaction_type_code", "change_code", "refused_change_code", "return_reason_code",
        "dishonored_return_reason_code", "contested_return_code", "corrected_data",
    ]

    /// Fills what a record leaves out: by `value`, or with blanks where it may be blank.
    private mutating func complete(
        _ draft: inout RecordDraft,
        _ plan: RecordPlan,
        _ value: (String) -> String?
    ) {
        for (index, field) in plan.fields.enumerated() {
            let bit = 1 as UInt64 &<< UInt64(index)
            guard (draft.given | draft.present) & bit == 0 else { continue }
            if let text = value(field.name) {
                draft.fill(text, index, plan)
            } else if field.content == .text, !Self.mandatory.contains(field.name) {
                draft.given |= bit
            }
        }
    }

    mutating func completeFileHeader(
        _ draft: inout RecordDraft,
        _ plan: RecordPlan,
        _ place: DocumentPlace
    ) {
        complete(&draft, plan) { _ in nil }
        guard !draft.isWhole else { return }
        for (from, to) in [(4, 13), (14, 23)] {
            let text = draft.record.trimmedText(from, to)
            let isRouting = text.utf8.count == 9 && text.utf8.allSatisfy { $0 &- 48 <= 9 }
            if isRouting { draft.record.write(" " + text, from, to) }
        }
    }

    mutating func completeHeader(
        _ draft: inout RecordDraft,
        _ plan: RecordPlan,
        _ place: DocumentPlace
    ) {
        let entryClass = draft.record.withView { StandardEntryClass($0) }
        let number = String(min(building.lastBatchNumber + 1, UInt64(FileLimits.batchNumber)))
        let padded = String(repeating: "0", count: 7 - number.utf8.count) + number
        var needsServiceClass = false
        complete(&draft, plan) { name in
            switch name {
            case "service_class_code":
                needsServiceClass = true
                return "200"
            case "originator_status_code":
                return entryClass == .adv ? "0" : entryClass == .dne ? "2" : "1"
            case "batch_number": return padded
            case "foreign_exchange_indicator": return "FF"
            case "foreign_exchange_reference_indicator": return "3"
            case "originating_currency_code", "destination_currency_code": return "USD"
            default: return nil
            }
        }
        building.needsServiceClass = needsServiceClass
        building.lastBatchNumber = draft.record.number(88, 94)
    }

    mutating func completeEntry(
        _ draft: inout RecordDraft,
        _ plan: RecordPlan,
        _ place: DocumentPlace,
        _ header: Record,
        addendaCount: Int
    ) {
        readRoutingNumber(&draft, plan, place)
        building.entriesOfBatch += 1
        let bank = draft.record.text(4, 11)
        let checkDigit = RoutingNumber(identificationText: bank).map { "\($0.checkDigit)" }
        let odfi = header.text(80, 87)
        let sequence = building.nextSequence
        let place79 = addendaCount > 0 ? "1" : "0"
        let advice = building.entriesOfBatch
        complete(&draft, plan) { name in
            switch name {
            case "check_digit": checkDigit
            case "addenda_record_indicator": place79
            case "number_of_addenda": Self.digits(addendaCount, 4)
            case "trace_number": Self.digits(sequence, 7).map { odfi + $0 }
            case "ach_operator_routing_number": odfi
            case "sequence_number": Self.digits(advice, 4)
            default: nil
            }
        }
        if plan.kind != .adviceEntry {
            building.nextSequence = max(sequence, draft.record.number(88, 94)) + 1
        }
    }

    mutating func completeAddenda(
        _ draft: inout RecordDraft,
        _ plan: RecordPlan,
        _ place: DocumentPlace,
        of entry: Record,
        _ kinds: BatchKinds
    ) {
        building.addenda[plan.kind, default: 0] += 1
        let sequence = building.addenda[plan.kind, default: 1]
        complete(&draft, plan) { name in
            switch name {
            case "addenda_sequence_number": Self.digits(sequence, 4)
            case "entry_detail_sequence_number": entry.text(88, 94)
            case "trace_number": entry.text(80, 94)
            default: nil
            }
        }
    }

    /// Reads the bank's number with its check digit, which stands for both fields.
    private mutating func readRoutingNumber(
        _ draft: inout RecordDraft,
        _ plan: RecordPlan,
        _ place: DocumentPlace
    ) {
        guard
            let routing = draft.routingNumber.flatMap({
                value($0, place, "routing_number", .string)
            }), let bank = plan.index("receiving_dfi_identification"),
            let digit = plan.index("check_digit")
        else { return }
        let text = cursor.string(routing)
        let both = 1 as UInt64 &<< UInt64(bank) | 1 &<< UInt64(digit)
        let number = RoutingNumber(text)
        if draft.present & both != 0 {
            faults.add(
                .disagrees,
                place,
                "routing_number",
                value: text,
                "The routing number stands beside one of its parts.",
                "Give routing_number alone, or receiving_dfi_identification and check_digit."
            )
        } else if number == nil {
            faults.add(
                .wrongForm,
                place,
                "routing_number",
                value: text,
                "The text is not a routing number with its check digit.",
                "Give nine digits whose ninth is the check digit."
            )
        }
        draft.fill(number?.identificationText ?? "00000000", bank, plan)
        draft.fill(number.map { "\($0.checkDigit)" } ?? "0", digit, plan)
    }

    /// A number filled with zeros; nil where it has too many digits.
    private static func digits(_ number: some BinaryInteger, _ count: Int) -> String? {
        let text = String(number)
        guard text.utf8.count <= count else { return nil }
        return String(repeating: "0", count: count - text.utf8.count) + text
    }
}
