@testable import Nacha

/// The file as a whole, its header and its filler.
extension RuleCase {
    static let files: [RuleCase] = [
        RuleCase(.fileEmpty, .plain(.ppd), Place(1)) { $0.lines = [] },
        RuleCase(.fileHeaderMissing, .plain(.ppd), Place(1), lenient: .warning) {
            $0.remove(1)
            $0.fillBlocks()
        },
        RuleCase(.fileHeaderRepeated, .plain(.ppd), Place(2)) { $0.insert($0.lines[0], at: 2) },
        RuleCase(.fileControlMissing, .plain(.ppd), Place(10), lenient: .warning) { $0.remove(10) },
        RuleCase(.fileControlMissing, .plain(.ppd), Place(10), lenient: .warning) {
            $0.remove(10)
            $0.fillBlocks()
        },
        RuleCase(.fileWithoutBatches, .plain(.ppd), Place(2, 2, 7)) {
            $0.lines.removeSubrange(1..<9)
            $0 = $0.resealed()
        },
        RuleCase(.fileRecordAfterControl, .plain(.ppd), Place(11)) {
            $0.insert($0.lines[2], at: 11)
        },
        // Two files in one: what follows the first control is not judged.
        RuleCase(.fileRecordAfterControl, .plain(.ppd), Place(11)) { $0.lines += $0.lines },
        RuleCase(.fileBlocking, .withFiller, Place(9), lenient: .warning) { $0.remove(10) },
        RuleCase(.fileBlocking, .withFiller, Place(8), lenient: .warning) {
            $0.lines.removeLast(2)
        },
        RuleCase(.fileFillerSurplus, .plain(.ppd), Place(11)) {
            $0.lines += repeatElement(NachaText.filler, count: 10)
        },
        RuleCase(.fileFillerContent, .withFiller, Place(9, 50, 51)) { $0.write("88", 9, at: 50) },
        RuleCase(.fileFillerMisplaced, .plain(.ppd), Place(3)) {
            $0.insert(NachaText.filler, at: 3)
        },
        RuleCase(
            .fileTooLarge,
            .plain(.ppd),
            Place(4),
            intervention: Intervention(line: 2) { $0.file.records = 9_999_989 }
        ) { _ in },
        RuleCase(.fileMixesAdvices, .plain(.ppd), Place(6, 51, 53)) {
            guard let advices = try? NachaText(.plain(.adv)) else { return }
            $0.lines.replaceSubrange(5..<9, with: advices.lines[5..<9])
            $0 = $0.resealed()
        },
        RuleCase(.fileHeaderPriorityCode, .plain(.ppd), Place(1, 2, 3)) {
            $0.write("02", 1, at: 2)
        },
        RuleCase(.fileHeaderDestination, .plain(.ppd), Place(1, 4, 13)) {
            $0.write("0", 1, at: 4)
        },
        RuleCase(.fileHeaderDestination, .plain(.ppd), Place(1, 4, 13)) {
            $0.write(" 000000000", 1, at: 4)
        },
        RuleCase(.fileHeaderDestinationCheckDigit, .plain(.ppd), Place(1, 13, 13)) {
            $0.count(1, at: 13)
        },
        RuleCase(.fileHeaderOrigin, .plain(.ppd), Place(1, 14, 23)) { $0.fill(" ", 1, 14, 23) },
        RuleCase(.fileHeaderOrigin, .plain(.ppd), Place(1, 14, 23)) { $0.fill("0", 1, 14, 23) },
        RuleCase(.fileHeaderCreationDate, .plain(.ppd), Place(1, 24, 29)) {
            $0.write("260230", 1, at: 24)
        },
        RuleCase(.fileHeaderCreationDate, .plain(.ppd), Place(1, 24, 29)) {
            $0.fill(" ", 1, 24, 29)
        },
        RuleCase(.fileHeaderCreationTime, .plain(.ppd), Place(1, 30, 33)) {
            $0.write("2400", 1, at: 30)
        },
        RuleCase(.fileHeaderModifier, .plain(.ppd), Place(1, 34, 34)) { $0.write("a", 1, at: 34) },
        RuleCase(.fileHeaderModifier, .plain(.ppd), Place(1, 34, 34)) { $0.write(" ", 1, at: 34) },
        RuleCase(.fileHeaderRecordSize, .plain(.ppd), Place(1, 35, 37)) {
            $0.write("080", 1, at: 35)
        },
        RuleCase(.fileHeaderBlockingFactor, .plain(.ppd), Place(1, 38, 39)) {
            $0.write("01", 1, at: 38)
        },
        RuleCase(.fileHeaderFormatCode, .plain(.ppd), Place(1, 40, 40)) {
            $0.write("2", 1, at: 40)
        },
    ]

    /// Every count and total of the file control, that of ADV files too.
    static let fileControls: [RuleCase] = [
        RuleCase(.fileControlBatchCount, .plain(.ppd), Place(10, 2, 7)) { $0.count(10, at: 7) },
        RuleCase(.fileControlBlockCount, .plain(.ppd), Place(10, 8, 13), lenient: .warning) {
            $0.count(10, at: 13)
        },
        RuleCase(.fileControlEntryCount, .plain(.ppd), Place(10, 14, 21)) { $0.count(10, at: 21) },
        RuleCase(.fileControlHash, .plain(.ppd), Place(10, 22, 31)) { $0.count(10, at: 31) },
        RuleCase(.fileControlDebits, .plain(.ppd), Place(10, 32, 43)) { $0.count(10, at: 43) },
        RuleCase(.fileControlCredits, .plain(.ppd), Place(10, 44, 55)) { $0.count(10, at: 55) },
        RuleCase(.fileControlDebits, .plain(.adv), Place(10, 32, 51)) { $0.count(10, at: 51) },
        RuleCase(.fileControlCredits, .plain(.adv), Place(10, 52, 71)) { $0.count(10, at: 71) },
        RuleCase(.fileControlCredits, .plain(.ppd), Place(10, 44, 55)) {
            $0.write("X", 10, at: 50)
        },
    ]
}
