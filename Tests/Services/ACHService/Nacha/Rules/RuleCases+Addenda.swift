@testable import Nacha

/// Addenda of entries within the country.
extension RuleCase {
    static let addenda: [RuleCase] = [
        RuleCase(.addendaWithoutEntry, .withAddenda(.ccd), Place(3)) {
            $0.insert($0.lines[3], at: 3)
        },
        // A lost entry leaves its addenda behind, and is missing in every total.
        RuleCase(.addendaWithoutEntry, .withAddenda(.ccd), Place(3)) { $0.remove(3) },
        RuleCase(.addendaType, .withAddenda(.ccd), Place(4, 2, 3)) { $0.write("04", 4, at: 2) },
        RuleCase(.addendaType, .withAddenda(.ccd), Place(4, 2, 3)) { $0.write("02", 4, at: 2) },
        RuleCase(.addendaType, .withAddenda(.ppd), Place(4, 2, 3)) { $0.write("  ", 4, at: 2) },
        RuleCase(.addendaTooMany, .withAddenda(.ccd), Place(5)) {
            $0.insert($0.lines[3], at: 5)
            $0.write("0002", 5, at: 84)
            $0 = $0.resealed()
        },
        RuleCase(.addendaTooMany, .withAddenda(.pos), Place(5)) { $0.insert($0.lines[3], at: 5) },
        RuleCase(.addendaSequence, .withAddenda(.ccd), Place(4, 84, 87)) {
            $0.write("0002", 4, at: 84)
        },
        // The third of five is lost: the fourth stands in its place.
        RuleCase(.addendaSequence, .withAddenda(.ctx), Place(6, 84, 87)) { $0.remove(6) },
        RuleCase(.addendaSequence, .withAddenda(.ctx), Place(5, 84, 87)) { $0.swap(5, 6) },
        RuleCase(.addendaSequence, .withAddenda(.ctx), Place(7, 84, 87)) {
            $0.insert($0.lines[5], at: 7)
        },
        RuleCase(.addendaSequence, .withAddenda(.ctx), Place(4, 84, 87)) {
            $0.write("X", 4, at: 87)
        },
        RuleCase(.addendaEntrySequence, .withAddenda(.ctx), Place(5, 88, 94)) {
            $0.count(5, at: 94)
        },
        RuleCase(.addendaEntrySequence, .plain(.iat), Place(5, 88, 94)) { $0.count(5, at: 94) },
        RuleCase(.addendaTrace, .plain(.pos), Place(4, 80, 94)) { $0.count(4, at: 94) },
        .answer(.addendaTrace, .returned, 80...94) {
            $0.count(4, at: 80)
        },
        RuleCase(.addendaTerminal, .plain(.pos), Place(4, 14, 19)) { $0.fill(" ", 4, 14, 19) },
        RuleCase(.addendaTerminal, .plain(.mte), Place(4, 20, 25)) { $0.fill("0", 4, 20, 25) },
        RuleCase(.addendaTerminal, .plain(.shr), Place(4, 63, 77)) { $0.fill(" ", 4, 63, 77) },
        RuleCase(.addendaTerminal, .plain(.pos), Place(4, 78, 79)) { $0.fill(" ", 4, 78, 79) },
        RuleCase(.addendaTerminalDate, .plain(.pos), Place(4, 26, 29)) {
            $0.write("0631", 4, at: 26)
        },
    ]

    /// Returns, changes, and the answers to them.
    static let answers: [RuleCase] = [
        .answer(.addendaReturnCode, .returned, 4...6, reads: "R99"),
        .answer(.addendaReturnCode, .returned, 4...6, reads: "r"),
        // R40 to R47 return enrollments.
        .answer(.addendaReturnCode, .returned, 4...6) {
            $0.write("R40", 4, at: 4)
            $0.fill(" ", 4, 22, 27)
        },
        .answer(.addendaChangeCode, .change, 4...6, reads: "C12"),
        .answer(.addendaChangeCode, .refusedChange, 65...67, reads: "C12"),
        // What is refused is a change, not a refusal.
        .answer(.addendaChangeCode, .refusedChange, 65...67, reads: "C62"),
        .answer(.addendaOriginalTrace, .returned, 7...21, filledWith: "0"),
        .answer(.addendaOriginalTrace, .change, 7...21, filledWith: " "),
        .answer(.addendaOriginalDFI, .returned, 28...35, filledWith: "0"),
        .answer(.addendaOriginalDFI, .contested, 28...35, filledWith: " "),
        .answer(.addendaDateOfDeath, .returned, 22...27, .warning) {
            $0.write("R14", 4, at: 4)
            $0.write("261301", 4, at: 22)
        },
        .answer(.addendaDateOfDeath, .returned, 22...27, .warning) {
            $0.write("R01", 4, at: 4)
            $0.write("260501", 4, at: 22)
        },
        .answer(.addendaCorrectedData, .change, 36...64, filledWith: " "),
        .answer(.addendaCorrectedData, .change, 36...64, filledWith: "0"),
        .answer(.addendaCorrectedDataForm, .change, 36...64, .warning) {
            $0.write("C02", 4, at: 4)
            $0.write("076401252                    ", 4, at: 36)
        },
        .answer(.addendaCorrectedDataForm, .change, 36...64, .warning) {
            $0.write("C05", 4, at: 4)
            $0.write("20                           ", 4, at: 36)
        },
        .answer(.addendaReturnTrace, .dishonored, 39...53, filledWith: "0"),
        .answer(.addendaReturnTrace, .dishonored, 54...56, reads: "367"),
        .answer(.addendaReturnTrace, .dishonored, 57...58, reads: "61"),
        .answer(.addendaReturnTrace, .contested, 59...73, reads: "X"),
        .answer(.addendaReturnTrace, .contested, 77...78, reads: "01"),
        .answer(.addendaReturnTrace, .contested, 22...27, reads: "260230"),
    ]
}

extension RuleCase {
    /// A change to the addenda of an answer, in line 4, that is noticed at these positions.
    private static func answer(
        _ rule: RuleID,
        _ answer: SampleOptions.Answer,
        _ positions: ClosedRange<Int>,
        _ severity: Severity = .error,
        change: @escaping @Sendable (inout NachaText) -> Void
    ) -> RuleCase {
        RuleCase(
            rule,
            .answers(answer, .ppd),
            Place(4, positions.lowerBound, positions.upperBound),
            strict: severity,
            lenient: severity,
            change: change
        )
    }

    /// Another text at the beginning of the positions.
    private static func answer(
        _ rule: RuleID,
        _ answer: SampleOptions.Answer,
        _ positions: ClosedRange<Int>,
        reads text: String
    ) -> RuleCase {
        .answer(rule, answer, positions) { $0.write(text, 4, at: positions.lowerBound) }
    }

    /// The same character at all of the positions.
    private static func answer(
        _ rule: RuleID,
        _ answer: SampleOptions.Answer,
        _ positions: ClosedRange<Int>,
        filledWith character: Swift.Character
    ) -> RuleCase {
        .answer(rule, answer, positions) {
            $0.fill(character, 4, positions.lowerBound, positions.upperBound)
        }
    }
}
