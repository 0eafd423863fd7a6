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
        RuleCase(.addendaTrace, .answers(.returned, .ppd), Place(4, 80, 94)) {
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
        RuleCase(.addendaReturnCode, .answers(.returned, .ppd), Place(4, 4, 6)) {
            $0.write("R99", 4, at: 4)
        },
        RuleCase(.addendaReturnCode, .answers(.returned, .ppd), Place(4, 4, 6)) {
            $0.write("r", 4, at: 4)
        },
        // R40 to R47 return enrollments.
        RuleCase(.addendaReturnCode, .answers(.returned, .ppd), Place(4, 4, 6)) {
            $0.write("R40", 4, at: 4)
            $0.fill(" ", 4, 22, 27)
        },
        RuleCase(.addendaChangeCode, .answers(.change, .ppd), Place(4, 4, 6)) {
            $0.write("C12", 4, at: 4)
        },
        RuleCase(.addendaChangeCode, .answers(.refusedChange, .ppd), Place(4, 65, 67)) {
            $0.write("C12", 4, at: 65)
        },
        // What is refused is a change, not a refusal.
        RuleCase(.addendaChangeCode, .answers(.refusedChange, .ppd), Place(4, 65, 67)) {
            $0.write("C62", 4, at: 65)
        },
        RuleCase(.addendaOriginalTrace, .answers(.returned, .ppd), Place(4, 7, 21)) {
            $0.fill("0", 4, 7, 21)
        },
        RuleCase(.addendaOriginalTrace, .answers(.change, .ppd), Place(4, 7, 21)) {
            $0.fill(" ", 4, 7, 21)
        },
        RuleCase(.addendaOriginalDFI, .answers(.returned, .ppd), Place(4, 28, 35)) {
            $0.fill("0", 4, 28, 35)
        },
        RuleCase(.addendaOriginalDFI, .answers(.contested, .ppd), Place(4, 28, 35)) {
            $0.fill(" ", 4, 28, 35)
        },
        RuleCase(
            .addendaDateOfDeath,
            .answers(.returned, .ppd),
            Place(4, 22, 27),
            strict: .warning,
            lenient: .warning
        ) {
            $0.write("R14", 4, at: 4)
            $0.write("261301", 4, at: 22)
        },
        RuleCase(
            .addendaDateOfDeath,
            .answers(.returned, .ppd),
            Place(4, 22, 27),
            strict: .warning,
            lenient: .warning
        ) {
            $0.write("R01", 4, at: 4)
            $0.write("260501", 4, at: 22)
        },
        RuleCase(.addendaCorrectedData, .answers(.change, .ppd), Place(4, 36, 64)) {
            $0.fill(" ", 4, 36, 64)
        },
        RuleCase(.addendaCorrectedData, .answers(.change, .ppd), Place(4, 36, 64)) {
            $0.fill("0", 4, 36, 64)
        },
        RuleCase(
            .addendaCorrectedDataForm,
            .answers(.change, .ppd),
            Place(4, 36, 64),
            strict: .warning,
            lenient: .warning
        ) {
            $0.write("C02", 4, at: 4)
            $0.write("076401252                    ", 4, at: 36)
        },
        RuleCase(
            .addendaCorrectedDataForm,
            .answers(.change, .ppd),
            Place(4, 36, 64),
            strict: .warning,
            lenient: .warning
        ) {
            $0.write("C05", 4, at: 4)
            $0.write("20                           ", 4, at: 36)
        },
        RuleCase(.addendaReturnTrace, .answers(.dishonored, .ppd), Place(4, 39, 53)) {
            $0.fill("0", 4, 39, 53)
        },
        RuleCase(.addendaReturnTrace, .answers(.dishonored, .ppd), Place(4, 54, 56)) {
            $0.write("367", 4, at: 54)
        },
        RuleCase(.addendaReturnTrace, .answers(.dishonored, .ppd), Place(4, 57, 58)) {
            $0.write("61", 4, at: 57)
        },
        RuleCase(.addendaReturnTrace, .answers(.contested, .ppd), Place(4, 59, 73)) {
            $0.write("X", 4, at: 59)
        },
        RuleCase(.addendaReturnTrace, .answers(.contested, .ppd), Place(4, 77, 78)) {
            $0.write("01", 4, at: 77)
        },
        RuleCase(.addendaReturnTrace, .answers(.contested, .ppd), Place(4, 22, 27)) {
            $0.write("260230", 4, at: 22)
        },
    ]
}
