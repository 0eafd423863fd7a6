@testable import Nacha

extension UnnoticedField {
    private static let banks: Set<RecordKind> = [
        .originatingBankAddenda, .receivingBankAddenda, .correspondentAddenda,
    ]

    static let international = [
        UnnoticedField(.optionalIdentifier, [.transactionAddenda], "foreign_payment_amount"),
        UnnoticedField(.optionalText, [.transactionAddenda], "foreign_trace_number"),
        UnnoticedField(.requiredText, [.transactionAddenda], "receiver_name"),
        UnnoticedField(.requiredText, [.originatorAddenda], "originator_name"),
        UnnoticedField(.requiredText, [.originatorAddenda], "originator_street_address"),
        UnnoticedField(.optionalText, [.originatorAddressAddenda], "originator_date_of_birth"),
        UnnoticedField(.optionalText, [.receiverAddenda], "receiver_identification_number"),
        UnnoticedField(.requiredText, [.receiverAddenda], "receiver_street_address"),
        UnnoticedField(.optionalText, [.receiverAddressAddenda], "receiver_date_of_birth"),
        UnnoticedField(.optionalText, [.remittanceAddenda], "payment_related_information"),
    ]

    static let partyBanks = ["odfi", "rdfi", "correspondent_bank"].flatMap { party in
        [
            UnnoticedField(.requiredText, banks, party + "_name"),
            UnnoticedField(.identifier, banks, party + "_identification"),
            UnnoticedField(.choice, banks, party + "_identification_qualifier"),
        ]
    }

    private static let changes: Set<RecordKind> = [.changeAddenda, .refusedChangeAddenda]
    private static let returns: Set<RecordKind> = [
        .returnAddenda, .dishonoredAddenda, .contestedAddenda,
    ]

    static let answers = [
        UnnoticedField(.identifier, changes.union(returns), "original_trace_number"),
        UnnoticedField(.identifier, changes.union(returns), "original_receiving_dfi"),
        UnnoticedField(.choice, changes, "change_code"),
        UnnoticedField(.choice, changes, "refused_change_code"),
        UnnoticedField(.identifier, changes, "corrected_data"),
        UnnoticedField(.identifier, changes, "trace_sequence_number"),
        // A change may carry a number of its own.
        UnnoticedField(.identifier, changes, "trace_number"),
        UnnoticedField(.choice, returns, "return_reason_code"),
        UnnoticedField(.choice, returns, "dishonored_return_reason_code"),
        UnnoticedField(.choice, returns, "contested_return_code"),
        UnnoticedField(.warned, returns, "date_of_death"),
        UnnoticedField(.optionalText, returns, "addenda_information"),
        UnnoticedField(.identifier, returns, "return_trace_number"),
        UnnoticedField(.choice, returns, "return_settlement_date"),
        UnnoticedField(.optionalChoice, returns, "date_original_entry_returned"),
        UnnoticedField(.optionalChoice, returns, "original_settlement_date"),
        UnnoticedField(.identifier, returns, "dishonored_return_trace_number"),
        UnnoticedField(.choice, returns, "dishonored_return_settlement_date"),
    ]
}
