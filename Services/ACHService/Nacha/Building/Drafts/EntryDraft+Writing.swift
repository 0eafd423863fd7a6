extension EntryDraft {
    /// Which kind of record the entry is.
    package var kind: RecordKind {
        switch details {
        case .standard: .entry
        case .check: .checkEntry
        case .pointOfPurchase: .pointOfPurchaseEntry
        case .sharedNetwork: .sharedNetworkEntry
        case .nameFirst: .nameFirstEntry
        case .exchange: .exchangeEntry
        case .international: .internationalEntry
        case .advice: .adviceEntry
        }
    }

    /// The entry with its addenda, or all faults of both.
    ///
    /// An ADV entry takes its operator from the ODFI of the trace number, and its sequence, up to
    /// 9,999, from the other part.
    package func entry(trace: TraceNumber) throws(BuildingFaults) -> EntryDetail {
        var builder = RecordBuilder(kind)
        builder.number("transaction_code", UInt64(transactionCode.number))
        builder.receiver(receiver)
        builder.account("account_number", accountNumber)
        builder.number("amount_minor_units", amountMinorUnits)
        writeDetails(to: &builder)
        builder.number("addenda_record_indicator", addenda.isEmpty ? 0 : 1)
        if case .advice(let advice) = details {
            builder.number("ach_operator_routing_number", UInt64(trace.odfi))
            builder.dayOfYear("julian_date", advice.dayOfYear)
            builder.number("sequence_number", UInt64(trace.sequence))
        } else {
            builder.number("trace_number", trace.number)
        }
        let records = writeAddenda(trace: trace, to: &builder)
        return EntryDetail(record: try builder.finished(), addenda: records)
    }

    private func writeDetails(to builder: inout RecordBuilder) {
        switch details {
        case .standard(let identification, let name):
            builder.text("identification_number", identification)
            builder.text("receiver_name", name)
        case .check(let serial, let name):
            builder.text("check_serial_number", serial, isRequired: true)
            builder.text("receiver_name", name)
        case .pointOfPurchase(let serial, let city, let state, let name):
            builder.text("check_serial_number", serial, isRequired: true)
            builder.text("terminal_city", city, isRequired: true)
            builder.text("terminal_state", state, isRequired: true)
            builder.text("receiver_name", name)
        case .sharedNetwork(let expiry, let documentReference, let cardAccount):
            builder.text("card_expiration_date", expiry.text)
            builder.text("document_reference_number", documentReference)
            builder.text("card_account_number", cardAccount, isRequired: true)
        case .nameFirst(let name, let identification):
            builder.text("receiver_name", name)
            builder.text("identification_number", identification)
        case .exchange(let identification, let name):
            builder.text("identification_number", identification)
            builder.number("number_of_addenda", UInt64(addenda.count))
            builder.text("receiver_name", name)
        case .international(let isListedByGateway, let isListedBySecondary):
            builder.number("number_of_addenda", UInt64(addenda.count))
            builder.text("gateway_ofac_indicator", Self.screening(isListedByGateway))
            builder.text("secondary_ofac_indicator", Self.screening(isListedBySecondary))
            return
        case .advice(let advice):
            builder.number("advice_routing_number", UInt64(advice.adviceRouting.number))
            builder.text("file_identification", advice.fileIdentification)
            builder.text("ach_operator_data", advice.operatorData)
            builder.text("individual_name", advice.name)
        }
        builder.text("discretionary_data", discretionaryData)
    }

    private static func screening(_ isListed: Bool?) -> String {
        guard let isListed else { return "" }
        return isListed ? "1" : "0"
    }

    /// Writes the addenda, each numbered among those of its type.
    private func writeAddenda(
        trace: TraceNumber,
        to builder: inout RecordBuilder
    ) -> [Addenda] {
        if addenda.count > FileLimits.addendaOfEntry {
            builder.note(.entryHasTooManyAddenda(limit: FileLimits.addendaOfEntry))
            return []
        }
        var sequences: [RecordKind: Int] = [:]
        var records: [Addenda] = []
        records.reserveCapacity(addenda.count)
        for draft in addenda {
            let sequence = sequences[draft.kind, default: 0] + 1
            sequences[draft.kind] = sequence
            do {
                records.append(try draft.addenda(sequence: sequence, trace: trace))
            } catch {
                for fault in error.faults { builder.note(fault) }
            }
        }
        return records
    }
}
