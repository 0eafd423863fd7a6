@testable import Nacha
import Testing

@Suite("Fields changed one by one")
struct FieldMutationTests {
    @Test(
        "A change of one field is one error at that field, unless the table says that nobody can see it",
        arguments: MutatedSample.all
    )
    func everyFieldIsCheckedOrKnownNotToBe(_ sample: MutatedSample) throws {
        var cascades: [String] = []
        var unnoticed: [String] = []
        var noticed: [String] = []
        var astray: [String] = []
        try sample.outcomes { outcome in
            let row = UnnoticedField.covering(outcome, sample.options)
            switch outcome.report.errorCount {
            case 0: if row == nil { unnoticed.append(outcome.text) }
            case 1:
                if let row, !row.reason.isByChance {
                    noticed.append(outcome.text)
                } else if !outcome.isAtField, !RelatedField.explains(outcome) {
                    astray.append(outcome.text)
                }
            default: cascades.append(outcome.text)
            }
        }
        #expect(unnoticed == [], "no error, though the field is checked")
        #expect(noticed == [], "an error, though the table says that there is none")
        #expect(cascades == [], "more than one error of one cause")
        #expect(astray == [], "an error somewhere else")
    }

    @Test("Every row of the table is about a field of a record in the samples")
    func everyRowIsAboutAField() throws {
        var kinds: Set<RecordKind> = []
        for sample in MutatedSample.all { kinds.formUnion(try NachaText(sample.options).kinds()) }
        #expect(kinds.union([.unknown]) == Set(RecordKind.allCases))
        for row in UnnoticedField.table {
            let isField = row.kinds.contains { kind in
                kind.layout?.fields.contains { $0.name == row.name } ?? false
            }
            #expect(isField, "\(row.name)")
            #expect(MutatedSample.all.contains { row.applies($0.options) }, "\(row.name)")
        }
    }
}

/// Fields whose change shows elsewhere: where two records disagree, one of them is reported.
enum RelatedField {
    /// The field that was changed, and the rule that then finds the disagreement.
    private static let rules: [String: Set<RuleID>] = [
        // Nine digits of which one is wrong: the ninth is reported.
        "receiving_dfi_identification": [.entryCheckDigit],
        // What has been entered is found missing in the totals.
        "amount_minor_units": [.batchControlDebits, .batchControlCredits],
        "transaction_code": [.batchControlDebits, .batchControlCredits],
        // A reason of another kind gives the return other fields.
        "dishonored_return_reason_code": [.addendaReturnTrace],
        // What a control repeats of its header is compared there.
        "batch_number": [.batchControlNumber],
        "company_identification": [.batchControlCompanyID],
        "originator_identification": [.batchControlCompanyID],
        "originating_dfi_identification": [.batchControlODFI],
        // A trace number above the next one's, which does not ascend then, or not that of its addenda.
        "trace_number": [.entryTraceOrder, .addendaEntrySequence, .addendaTrace],
        "sequence_number": [.entryTraceOrder],
        // Addenda follow an entry that does not say so any more, or the other way round.
        "record_type_code": [
            .entryAddendaIndicator, .entryAddendaCount, .addendaInternationalOrder,
        ],
    ]

    static func explains(_ outcome: MutatedSample.Outcome) -> Bool {
        guard let error = outcome.report.errors.first else { return false }
        return rules[outcome.field.name]?.contains(error.rule) ?? false
    }
}
