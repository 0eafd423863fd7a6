@testable import Nacha
import Testing

@Suite("Rules")
struct RuleTests {
    static let cases =
        RuleCase.lines + RuleCase.files + RuleCase.fileControls + RuleCase.batches
        + RuleCase.batchControls + RuleCase.entries + RuleCase.entryForms + RuleCase.entryTraces
        + RuleCase.addenda + RuleCase.internationalBatches + RuleCase.internationalAddenda
        + RuleCase.answers

    @Test("A rule that is broken alone is reported alone, where it is broken", arguments: cases)
    func oneCauseIsOneDiagnostic(_ example: RuleCase) throws {
        let found = try example.report(.strict).places
        #expect(found == [example.place.text(example.rule, example.strict)])
    }

    @Test("What comes in is judged by the same rules, some of them more mildly", arguments: cases)
    func lenientTakesWhatItMay(_ example: RuleCase) throws {
        let found = try example.report(.lenient).places
        #expect(found == [example.place.text(example.rule, example.lenient)])
    }

    @Test("A rule that is off is not reported", arguments: cases)
    func offIsSilent(_ example: RuleCase) throws {
        let profile = Profile.strict.changed(name: "without", [example.rule: .off])
        let found = try example.report(profile).diagnostics.map(\.rule)
        #expect(!found.contains(example.rule))
    }

    @Test("The files that the cases change are valid before", arguments: Set(cases.map(\.base)))
    func everyBaseIsValid(_ base: SampleOptions) throws {
        #expect(try NachaText(base).report(.strict).places == [])
        #expect(try NachaText(base).report(.lenient).places == [])
    }

    @Test("Every rule has a case")
    func everyRuleHasACase() {
        let missing = Set(RuleID.allCases).subtracting(Self.cases.map(\.rule))
        #expect(missing.map(\.rawValue).sorted() == [])
    }

    @Test("Every rule has an entry in the catalogue, with title, remedy and source, in order")
    func everyRuleIsInTheCatalogue() {
        #expect(RuleCatalogue.all.map(\.id) == RuleID.allCases)
        for rule in RuleCatalogue.all {
            #expect(!rule.title.isEmpty && !rule.title.hasSuffix("."), "\(rule.id)")
            #expect([".", "?"].contains(rule.remedy.last), "\(rule.id)")
            #expect(!rule.source.isEmpty, "\(rule.id)")
            if let code = rule.returnCode {
                #expect(ReturnCode(number: code) != nil, "\(rule.id)")
            }
        }
    }
}
