@testable import Nacha

/// Fields of which nobody can tell from the file alone that they were changed, and why.
///
/// Everything else is checked. A field that stops being checked has no row here, and one that is
/// checked from now on has a row too many: both fail `FieldMutationTests`.
struct UnnoticedField: Sendable {
    /// Why a change passes, and which changes do.
    enum Reason: Sendable {
        /// Text that says what its writer wants, or nothing.
        case optionalText
        /// Text that must be there: any other text is as good.
        case requiredText
        /// A number that nothing in the file repeats. What alters one, an account number say, is
        /// seen by the digest of the file alone (design 3.9, item 7).
        case identifier
        /// The same, and nothing asks that it be given.
        case optionalIdentifier
        /// One of several values that are all allowed: dates, codes, marks.
        case choice
        /// The same, or blank.
        case optionalChoice
        /// It is warned of (design 3.7, end).
        case warned
        /// The entry of a return keeps the number that its addenda had (design 3.7, record 6).
        case keptFromOriginal

        /// Whether the changed value may happen to be one that is not allowed: 30 June is a day, 31
        /// June is none.
        var isByChance: Bool { self == .choice || self == .optionalChoice }

        var mutations: Set<FieldMutation> {
            switch self {
            case .optionalText: [.otherCharacter, .blanks, .zeros]
            case .requiredText, .identifier, .choice: [.otherCharacter]
            case .optionalIdentifier, .keptFromOriginal: [.otherCharacter, .zeros]
            case .optionalChoice: [.otherCharacter, .blanks]
            case .warned: Set(FieldMutation.allCases).subtracting([.badCharacter])
            }
        }
    }

    let reason: Reason
    let kinds: Set<RecordKind>
    let name: String
    /// Changes that pass, where they are not those of the reason.
    let mutations: Set<FieldMutation>
    /// The samples that the row is about.
    let applies: @Sendable (SampleOptions) -> Bool

    init(
        _ reason: Reason,
        _ kinds: Set<RecordKind>,
        _ name: String,
        _ mutations: Set<FieldMutation>? = nil,
        in applies: @escaping @Sendable (SampleOptions) -> Bool = { _ in true }
    ) {
        self.reason = reason
        self.kinds = kinds
        self.name = name
        self.mutations = mutations ?? reason.mutations
        self.applies = applies
    }

    private func covers(_ outcome: MutatedSample.Outcome, _ options: SampleOptions) -> Bool {
        kinds.contains(outcome.kind) && mutations.contains(outcome.mutation) && applies(options)
    }
}

extension UnnoticedField {
    static let table =
        files + batches + entries + addenda + international + partyBanks + answers

    private static let byName = Dictionary(grouping: table, by: \.name)

    /// The row that says that a change passes.
    static func covering(
        _ outcome: MutatedSample.Outcome,
        _ options: SampleOptions
    ) -> UnnoticedField? {
        byName[outcome.field.name]?.first { $0.covers(outcome, options) }
    }

    private static let anything: Set<FieldMutation> = [.otherCharacter, .blanks, .zeros]

    private static let files = [
        UnnoticedField(.identifier, [.fileHeader], "immediate_origin"),
        UnnoticedField(.choice, [.fileHeader], "file_creation_date"),
        UnnoticedField(.optionalChoice, [.fileHeader], "file_creation_time", anything),
        UnnoticedField(.choice, [.fileHeader], "file_id_modifier", anything),
        UnnoticedField(.optionalText, [.fileHeader], "immediate_destination_name"),
        UnnoticedField(.optionalText, [.fileHeader], "immediate_origin_name"),
        UnnoticedField(.optionalText, [.fileHeader], "reference_code"),
    ]

    private static let headers: Set<RecordKind> = [.batchHeader, .internationalBatchHeader]

    private static let batches = [
        UnnoticedField(.requiredText, [.batchHeader], "company_name"),
        UnnoticedField(.optionalText, [.batchHeader], "company_discretionary_data"),
        UnnoticedField(.requiredText, headers, "company_entry_description") {
            $0.batchClass.description == nil
        },
        UnnoticedField(.optionalText, [.batchHeader], "company_descriptive_date"),
        UnnoticedField(.optionalText, [.batchControl], "message_authentication_code"),
        UnnoticedField(.optionalText, [.adviceBatchControl], "ach_operator_data"),
        // The controls of ADV batches have no such field.
        UnnoticedField(.identifier, [.batchHeader], "company_identification") {
            $0.entryClass == .adv
        },
        UnnoticedField(.choice, headers, "effective_entry_date"),
        UnnoticedField(.warned, headers, "effective_entry_date", [.blanks]),
        // Given by the operator once a batch settles.
        UnnoticedField(.optionalChoice, headers, "settlement_date") { $0.answer != nil },
        // 1 and 2 are both allowed but in DNE batches, and 0 in those of ADV.
        UnnoticedField(.choice, headers, "originator_status_code") { $0.entryClass != .dne },
        UnnoticedField(.optionalText, [.internationalBatchHeader], "foreign_exchange_reference"),
        UnnoticedField(
            .choice,
            [.internationalBatchHeader],
            "foreign_exchange_reference_indicator"
        ),
    ]

    private static let everyEntry = Set(RecordKind.allCases.filter(\.isEntry))

    private static let entries = [
        // Two codes of ADV that go the same way; of changes, whose amounts are zero, either way.
        UnnoticedField(.choice, everyEntry, "transaction_code") {
            [.adv, .cor].contains($0.batchClass)
        },
        UnnoticedField(.identifier, everyEntry, "account_number"),
        UnnoticedField(.identifier, [.sharedNetworkEntry], "card_account_number"),
        UnnoticedField(.optionalText, [.entry, .exchangeEntry], "identification_number"),
        UnnoticedField(.identifier, [.nameFirstEntry], "identification_number"),
        UnnoticedField(.identifier, everyEntry, "check_serial_number"),
        UnnoticedField(.identifier, everyEntry, "document_reference_number"),
        UnnoticedField(.choice, everyEntry, "card_expiration_date"),
        UnnoticedField(.requiredText, everyEntry, "terminal_city"),
        UnnoticedField(.requiredText, everyEntry, "terminal_state"),
        UnnoticedField(.requiredText, everyEntry, "individual_name"),
        UnnoticedField(.requiredText, everyEntry, "receiver_name"),
        UnnoticedField(.optionalText, everyEntry, "receiver_name") {
            $0.entryClass.name == .optional
        },
        UnnoticedField(.warned, everyEntry, "receiver_name") { $0.batchClass.name == .wanted },
        UnnoticedField(.optionalText, everyEntry, "discretionary_data") {
            ![.tel, .web, .pos, .shr].contains($0.batchClass)
        },
        UnnoticedField(.warned, [.entry], "discretionary_data") { $0.entryClass == .web },
        // The card types 11, 12, 13 and 21 are one apart.
        UnnoticedField(.choice, everyEntry, "discretionary_data") {
            [.pos, .shr].contains($0.batchClass)
        },
        UnnoticedField(.keptFromOriginal, everyEntry, "number_of_addenda") { $0.answer != nil },
        UnnoticedField(.optionalChoice, everyEntry, "gateway_ofac_indicator", anything),
        UnnoticedField(.optionalChoice, everyEntry, "secondary_ofac_indicator", anything),
        UnnoticedField(.identifier, [.adviceEntry], "advice_routing_number"),
        UnnoticedField(.optionalText, [.adviceEntry], "file_identification"),
        UnnoticedField(.optionalText, [.adviceEntry], "ach_operator_data"),
        UnnoticedField(.identifier, [.adviceEntry], "ach_operator_routing_number"),
        UnnoticedField(.choice, [.adviceEntry], "julian_date"),
        // The first sequence number of a batch may be any.
        UnnoticedField(.choice, [.adviceEntry], "sequence_number", [.zeros]),
    ]

    private static let addenda = [
        UnnoticedField(.optionalText, [.paymentAddenda], "payment_related_information"),
        UnnoticedField(.optionalText, [.terminalAddenda], "reference_information_1"),
        UnnoticedField(.optionalText, [.terminalAddenda], "reference_information_2"),
        UnnoticedField(.identifier, [.terminalAddenda], "terminal_identification_code"),
        UnnoticedField(.identifier, [.terminalAddenda], "transaction_serial_number"),
        UnnoticedField(.choice, [.terminalAddenda], "transaction_date"),
        UnnoticedField(.optionalText, [.terminalAddenda], "authorization_code"),
        UnnoticedField(.requiredText, [.terminalAddenda], "terminal_location"),
        UnnoticedField(.requiredText, [.terminalAddenda], "terminal_city"),
        UnnoticedField(.requiredText, [.terminalAddenda], "terminal_state"),
    ]
}
