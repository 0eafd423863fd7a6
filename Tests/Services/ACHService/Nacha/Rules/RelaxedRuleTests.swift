@testable import Nacha
import Testing

/// A fault and, beside it, a total that is wrong by itself, in batch and file alike.
///
/// Where the fault is refused the total is not asked, since it may follow from the fault. Where a
/// bank's profile lets the fault pass, nothing else may pass with it.
@Suite("Rules that a profile relaxes")
struct RelaxedRuleTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let rule: RuleID
        let base: SampleOptions
        /// The last digit of a total in the batch control; the file control has it eleven further on.
        let total: Int
        let change: @Sendable (inout NachaText) -> Void

        init(
            _ rule: RuleID,
            _ base: SampleOptions = .plain(.ppd),
            total: Int,
            change: @escaping @Sendable (inout NachaText) -> Void
        ) {
            self.rule = rule
            self.base = base
            self.total = total
            self.change = change
        }

        var testDescription: String { rule.rawValue }
    }

    static let examples = [
        Example(.entryCheckDigit, total: 20) { $0.count(3, at: 12) },
        Example(.entryAmountZero, total: 32) { $0.fill("0", 3, 30, 39) },
        Example(.entryAmountNotZero, total: 32) { $0.write("28", 3, at: 2) },
        Example(.entryAmountCeiling, .plain(.rck), total: 32) { $0.write(250_001, 3, 30, 39) },
        Example(.entryAddendaIndicator, total: 10) { $0.write("1", 3, at: 79) },
        Example(.entryAddendaCount, .withAddenda(.ctx), total: 10) { $0.count(3, at: 58) },
        Example(.addendaSequence, .withAddenda(.ctx), total: 10) { $0.write("0009", 8, at: 84) },
        Example(.addendaInternationalOrder, .plain(.iat), total: 10) { $0.swap(5, 6) },
    ]

    @Test("A fault that is let pass hides no total that is wrong", arguments: examples)
    func wrongTotalsAreStillFound(_ example: Example) throws {
        var text = try NachaText(example.base)
        example.change(&text)
        text = text.resealed()
        let lines = 1...text.lines.count
        let batch = lines.first { text.type($0) == UInt8(ascii: "8") } ?? 0
        let file = lines.last { text.lines[$0 - 1] != NachaText.filler } ?? 0
        for severity in [Severity.warning, .off] {
            let profile = Profile.strict.changed(name: "bank", [example.rule: severity])
            #expect(text.report(profile).isValid)
            var wrong = text
            let end = example.total
            wrong.write(text.number(batch, end - 5, end) + 1, batch, end - 5, end)
            wrong.write(text.number(file, end + 6, end + 11) + 1, file, end + 6, end + 11)
            let found = wrong.report(profile).errors.map(\.line)
            #expect(found == [batch], "\(severity)")
        }
    }
}
