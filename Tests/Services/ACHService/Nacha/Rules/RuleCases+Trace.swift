@testable import Nacha

/// The addenda indicator and count of an entry, and its trace number.
extension RuleCase {
    static let entryTraces: [RuleCase] = [
        RuleCase(.entryAddendaIndicator, .plain(.ppd), Place(3, 79, 79)) {
            $0.write("1", 3, at: 79)
        },
        RuleCase(.entryAddendaIndicator, .plain(.ppd), Place(3, 79, 79)) {
            $0.write("2", 3, at: 79)
        },
        RuleCase(.entryAddendaIndicator, .withAddenda(.ccd), Place(3, 79, 79)) {
            $0.write("0", 3, at: 79)
        },
        RuleCase(.entryAddendaIndicator, .withAddenda(.ccd), Place(3, 79, 79)) {
            $0.write(" ", 3, at: 79)
        },
        // Lost addenda are one fault, although a record is missing for the block as well.
        RuleCase(.entryAddendaIndicator, .withAddenda(.ccd), Place(3, 79, 79)) { $0.remove(4) },
        RuleCase(.entryAddendaRequired, .plain(.pos), Place(3, 79, 79)) {
            $0.remove(4)
            $0.write("0", 3, at: 79)
            $0 = $0.resealed()
        },
        // A zero-dollar entry is there for its addenda.
        RuleCase(.entryAddendaRequired, .plain(.ccd), Place(3, 79, 79)) {
            $0.write("29", 3, at: 2)
            $0.fill("0", 3, 30, 39)
            $0 = $0.resealed()
        },
        RuleCase(.entryAddendaRequired, .plain(.iat), Place(3, 79, 79)) {
            $0.lines.removeSubrange(3..<10)
            $0.write("0000", 3, at: 13)
            $0.write("0", 3, at: 79)
            $0 = $0.resealed()
        },
        RuleCase(.entryAddendaForbidden, .plain(.tel), Place(3, 79, 79)) { addPayment(&$0) },
        RuleCase(.entryAddendaForbidden, .plain(.ctx), Place(3, 79, 79)) {
            $0.write("28", 3, at: 2)
            $0.fill("0", 3, 30, 39)
            $0.write("0001", 3, at: 55)
            addPayment(&$0)
        },
        RuleCase(.entryAddendaCount, .withAddenda(.ctx), Place(3, 55, 58)) {
            $0.count(3, at: 58)
        },
        RuleCase(.entryAddendaCount, .withAddenda(.ctx), Place(3, 55, 58)) {
            $0.write("  ", 3, at: 55)
        },
        RuleCase(.entryAddendaCount, .plain(.iat), Place(3, 13, 16)) { $0.count(3, at: 16) },
        // The last of five addenda is lost.
        RuleCase(.entryAddendaCount, .withAddenda(.trx), Place(3, 55, 58)) { $0.remove(8) },
        RuleCase(.entryTrace, .plain(.ppd), Place(3, 80, 94)) { $0.write("X", 3, at: 94) },
        RuleCase(.entryTrace, .plain(.adv), Place(3, 91, 94)) { $0.write(" ", 3, at: 91) },
        RuleCase(.entryTraceODFI, .plain(.ppd), Place(3, 80, 87)) { $0.count(3, at: 87) },
        RuleCase(.entryTraceODFI, .withAddenda(.ccd), Place(3, 80, 87)) { $0.count(3, at: 87) },
        RuleCase(.entryTraceOrder, .plain(.ppd), Place(4, 80, 94)) { $0.swap(3, 4) },
        RuleCase(.entryTraceOrder, .plain(.ppd), Place(4, 80, 94)) {
            $0.write($0.text(3, 80, 94), 4, at: 80)
        },
        // A doubled entry is one fault, although it is counted and added twice.
        RuleCase(.entryTraceOrder, .plain(.ppd), Place(4, 80, 94)) {
            $0.insert($0.lines[2], at: 4)
        },
        RuleCase(.entryTraceOrder, .plain(.adv), Place(4, 91, 94)) {
            $0.write($0.text(3, 91, 94), 4, at: 91)
        },
        RuleCase(
            .entryTraceRepeated,
            .plain(.ppd),
            Place(7, 80, 94),
            strict: .warning,
            lenient: .warning
        ) { $0.write($0.text(3, 80, 94), 7, at: 80) },
    ]

    /// Puts addenda 05 behind the entry in line 3.
    private static func addPayment(_ text: inout NachaText) {
        text.write("1", 3, at: 79)
        let end = "0001" + text.text(3, 88, 94)
        text.insert(Array(("705" + String(repeating: "A", count: 80) + end).utf8), at: 4)
        text = text.resealed()
    }
}
