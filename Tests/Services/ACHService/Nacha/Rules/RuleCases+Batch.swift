@testable import Nacha

/// Batches and their headers.
extension RuleCase {
    static let batches: [RuleCase] = [
        RuleCase(.batchHeaderMissing, .plain(.ppd), Place(2)) { $0.remove(2) },
        RuleCase(.batchHeaderMissing, .withAddenda(.ctx), Place(2)) { $0.remove(2) },
        RuleCase(.batchControlMissing, .plain(.ppd), Place(5)) { $0.remove(5) },
        RuleCase(.batchControlMissing, .plain(.ppd), Place(9)) { $0.remove(9) },
        RuleCase(.batchControlUnexpected, .plain(.ppd), Place(6)) { $0.insert($0.lines[4], at: 6) },
        RuleCase(.batchWithoutEntries, .plain(.ppd), Place(3)) {
            $0.lines.removeSubrange(2..<4)
            $0 = $0.resealed()
        },
        RuleCase(
            .batchTooLarge,
            .plain(.ppd),
            Place(5, 5, 10),
            intervention: Intervention(line: 3) { $0.batch.totals.entryAddendaCount = 999_999 }
        ) { _ in },
        RuleCase(.batchMixesReturns, .answers(.returned, .ppd), Place(5)) {
            $0.remove(6)
            $0.write("27", 5, at: 2)
            $0.write("0", 5, at: 79)
            $0 = $0.resealed()
        },
        RuleCase(.batchServiceClass, .plain(.ppd), Place(2, 2, 4)) {
            $0.write("201", 2, at: 2)
            $0.write("201", 5, at: 2)
        },
        RuleCase(.batchServiceClass, .plain(.ppd), Place(2, 2, 4)) { $0.write("   ", 2, at: 2) },
        RuleCase(.batchClassForAdvices, .plain(.ppd), Place(2, 2, 4)) {
            $0.write("280", 2, at: 2)
            $0.write("280", 5, at: 2)
        },
        RuleCase(.batchClassForAdvices, .plain(.adv), Place(2, 2, 4)) {
            $0.write("200", 2, at: 2)
            $0.write("200", 5, at: 2)
        },
        RuleCase(.batchClassForEntries, .plain(.ppd), Place(2, 2, 4)) {
            $0.write("220", 2, at: 2)
            $0.write("220", 5, at: 2)
        },
        RuleCase(.batchClassForEntries, .plain(.ppd), Place(2, 2, 4)) { $0.write("220", 2, at: 2) },
        RuleCase(.batchCompanyName, .plain(.ppd), Place(2, 5, 20)) { $0.fill(" ", 2, 5, 20) },
        RuleCase(.batchCompanyName, .plain(.ppd), Place(2, 5, 20)) { $0.fill("0", 2, 5, 20) },
        RuleCase(.batchCompanyID, .plain(.ppd), Place(2, 41, 50)) { $0.fill(" ", 2, 41, 50) },
        RuleCase(.batchCompanyID, .plain(.ppd), Place(2, 41, 50)) {
            $0.fill("0", 2, 41, 50)
            $0.fill("0", 5, 45, 54)
        },
        RuleCase(.batchEntryClass, .plain(.ppd), Place(2, 51, 53)) { $0.write("PPX", 2, at: 51) },
        RuleCase(.batchEntryClass, .plain(.ppd), Place(2, 51, 53)) { $0.write("ppd", 2, at: 51) },
        RuleCase(.batchEntryClass, .withAddenda(.ctx), Place(2, 51, 53)) {
            $0.write("CTZ", 2, at: 51)
        },
        RuleCase(.batchEntryClass, .plain(.iat), Place(2, 51, 53)) { $0.write("IAZ", 2, at: 51) },
        RuleCase(.batchEntryClass, .plain(.adv), Place(2, 51, 53)) { $0.write("ADZ", 2, at: 51) },
        RuleCase(.batchDescription, .plain(.ppd), Place(2, 54, 63)) { $0.fill(" ", 2, 54, 63) },
        RuleCase(.batchDescriptionForClass, .plain(.rck), Place(2, 54, 63)) {
            $0.write("CHECKS    ", 2, at: 54)
        },
        RuleCase(.batchDescriptionForClass, .plain(.enr), Place(2, 54, 63)) {
            $0.write("ENROLLMENT", 2, at: 54)
        },
        RuleCase(.batchReservedWord, .plain(.ppd), Place(2, 54, 63)) {
            $0.write("Reversal  ", 2, at: 54)
        },
        RuleCase(.batchReservedWord, .plain(.ppd), Place(2, 54, 63)) {
            $0.write("return fee", 2, at: 54)
        },
        RuleCase(.batchEffectiveDate, .plain(.ppd), Place(2, 70, 75)) {
            $0.write("260231", 2, at: 70)
        },
        RuleCase(.batchEffectiveDate, .plain(.ppd), Place(2, 70, 75)) { $0.fill("0", 2, 70, 75) },
        RuleCase(
            .batchEffectiveDateBlank,
            .plain(.ppd),
            Place(2, 70, 75),
            strict: .warning,
            lenient: .warning
        ) { $0.fill(" ", 2, 70, 75) },
        RuleCase(.batchSettlementDate, .plain(.ppd), Place(2, 76, 78)) {
            $0.write("367", 2, at: 76)
        },
        RuleCase(.batchSettlementDate, .plain(.ppd), Place(2, 76, 78)) {
            $0.write("000", 2, at: 76)
        },
        RuleCase(.batchSettlementDate, .plain(.ppd), Place(2, 76, 78)) {
            $0.write(" 12", 2, at: 76)
        },
        RuleCase(.batchOriginatorStatus, .plain(.ppd), Place(2, 79, 79)) {
            $0.write("0", 2, at: 79)
        },
        RuleCase(.batchOriginatorStatus, .plain(.adv), Place(2, 79, 79)) {
            $0.write("3", 2, at: 79)
        },
        RuleCase(.batchStatusForDeathNotices, .plain(.dne), Place(2, 79, 79)) {
            $0.write("1", 2, at: 79)
        },
        RuleCase(.batchODFI, .plain(.ppd), Place(2, 80, 87)) { $0.fill("0", 2, 80, 87) },
        RuleCase(.batchODFI, .plain(.ppd), Place(2, 80, 87)) { $0.write("X", 2, at: 80) },
        RuleCase(.batchODFIForEntries, .plain(.ppd), Place(2, 80, 87)) {
            $0.count(2, at: 87)
            $0.count(5, at: 87)
        },
        RuleCase(.batchODFIForEntries, .plain(.ppd), Place(2, 80, 87)) { $0.count(2, at: 87) },
        RuleCase(.batchNumber, .plain(.ppd), Place(2, 88, 94)) { $0.write(" ", 2, at: 88) },
        RuleCase(.batchNumberOrder, .plain(.ppd), Place(6, 88, 94)) {
            $0.write(1, 6, 88, 94)
            $0.write(1, 9, 88, 94)
        },
    ]

    /// What a batch control counts, and what it repeats of its header.
    static let batchControls: [RuleCase] = [
        RuleCase(.batchControlClass, .plain(.ppd), Place(5, 2, 4)) { $0.write("220", 5, at: 2) },
        RuleCase(.batchControlEntryCount, .plain(.ppd), Place(5, 5, 10)) { $0.count(5, at: 10) },
        // A lost entry is one fault, although it is missing in every total.
        RuleCase(.batchControlEntryCount, .plain(.ppd), Place(4, 5, 10)) { $0.remove(3) },
        RuleCase(.batchControlHash, .plain(.ppd), Place(5, 11, 20)) { $0.count(5, at: 20) },
        RuleCase(.batchControlDebits, .plain(.ppd), Place(5, 21, 32)) { $0.count(5, at: 32) },
        RuleCase(.batchControlDebits, .plain(.ppd), Place(5, 21, 32)) { $0.count(3, at: 39) },
        RuleCase(.batchControlCredits, .plain(.ppd), Place(5, 33, 44)) { $0.count(5, at: 44) },
        RuleCase(.batchControlDebits, .plain(.adv), Place(5, 21, 40)) { $0.count(5, at: 21) },
        RuleCase(.batchControlCredits, .plain(.adv), Place(5, 41, 60)) { $0.count(5, at: 41) },
        RuleCase(.batchControlCompanyID, .plain(.ppd), Place(5, 45, 54)) { $0.count(5, at: 54) },
        RuleCase(.batchControlODFI, .plain(.ppd), Place(5, 80, 87)) { $0.count(5, at: 87) },
        RuleCase(.batchControlNumber, .plain(.ppd), Place(5, 88, 94)) { $0.write(7, 5, 88, 94) },
    ]
}
