@testable import Nacha

/// Entries: their codes, banks, accounts and amounts, whatever their form.
extension RuleCase {
    static let entries: [RuleCase] = [
        RuleCase(.entryTransactionCode, .plain(.ppd), Place(3, 2, 3)) { $0.write("20", 3, at: 2) },
        RuleCase(.entryTransactionCode, .plain(.ppd), Place(3, 2, 3)) { $0.write("2X", 3, at: 2) },
        RuleCase(.entryCodeForServiceClass, .plain(.ppd), Place(3, 2, 3)) {
            $0.write("22", 3, at: 2)
        },
        RuleCase(.entryCodeForServiceClass, .plain(.ppd), Place(3, 2, 3)) {
            $0.write("22", 3, at: 2)
            $0 = $0.resealed()
        },
        // Zero-dollar codes belong to ACK, ATX, CCD, CTX and IAT.
        RuleCase(.entryCodeForEntryClass, .plain(.ppd), Place(3, 2, 3)) {
            $0.write("29", 3, at: 2)
        },
        // TEL is for debits alone.
        RuleCase(.entryCodeForEntryClass, .plain(.tel), Place(3, 2, 3)) {
            $0.write("22", 3, at: 2)
        },
        // 26 is for returns, and no return follows.
        RuleCase(.entryCodeForEntryClass, .plain(.ppd), Place(3, 2, 3)) {
            $0.write("26", 3, at: 2)
        },
        // A return has no code that moves money forward.
        RuleCase(.entryCodeForEntryClass, .answers(.returned, .ppd), Place(3, 2, 3)) {
            $0.write("27", 3, at: 2)
        },
        // 55 takes back a loan credit, in reversals alone.
        RuleCase(.entryCodeForEntryClass, .plain(.ppd), Place(3, 2, 3)) {
            $0.write("55", 3, at: 2)
        },
        // A reversal of what is debit only credits.
        RuleCase(.entryCodeForEntryClass, .plain(.tel), Place(3, 2, 3)) {
            $0.write("REVERSAL  ", 2, at: 54)
            $0.write("220", 2, at: 2)
            $0.write("220", 5, at: 2)
            $0.write("22", 4, at: 2)
        },
        RuleCase(.entryReceivingDFI, .plain(.ppd), Place(3, 4, 11)) { $0.fill("0", 3, 4, 11) },
        RuleCase(.entryReceivingDFI, .plain(.ppd), Place(3, 4, 11)) { $0.write("1 ", 3, at: 4) },
        RuleCase(.entryCheckDigit, .plain(.ppd), Place(3, 12, 12)) { $0.count(3, at: 12) },
        // Which of the nine digits was changed nobody can tell.
        RuleCase(.entryCheckDigit, .plain(.ppd), Place(3, 12, 12)) { $0.count(3, at: 7) },
        RuleCase(.entryCheckDigit, .plain(.ppd), Place(3, 12, 12)) { $0.write("X", 3, at: 12) },
        RuleCase(.entryAccount, .plain(.ppd), Place(3, 13, 29)) { $0.fill(" ", 3, 13, 29) },
        RuleCase(.entryAccount, .plain(.ppd), Place(3, 13, 29)) { $0.fill("0", 3, 13, 29) },
        RuleCase(.entryAccount, .plain(.shr), Place(3, 55, 76)) { $0.fill(" ", 3, 55, 76) },
        RuleCase(.entryAccount, .plain(.iat), Place(3, 40, 74)) { $0.fill(" ", 3, 40, 74) },
        RuleCase(.entryAccount, .plain(.adv), Place(3, 13, 27)) { $0.fill("0", 3, 13, 27) },
        RuleCase(.entryAmount, .plain(.ppd), Place(3, 30, 39)) { $0.write("-", 3, at: 30) },
        RuleCase(.entryAmount, .plain(.ppd), Place(3, 30, 39)) { $0.write("  ", 3, at: 30) },
        RuleCase(.entryAmount, .plain(.adv), Place(3, 28, 39)) { $0.write(".", 3, at: 37) },
        RuleCase(.entryAmountZero, .plain(.ppd), Place(3, 30, 39)) { $0.fill("0", 3, 30, 39) },
        RuleCase(.entryAmountNotZero, .plain(.ppd), Place(3, 30, 39)) { $0.write("28", 3, at: 2) },
        RuleCase(.entryAmountNotZero, .plain(.dne), Place(3, 30, 39)) { $0.write("1", 3, at: 39) },
        RuleCase(.entryAmountNotZero, .plain(.cor), Place(3, 30, 39)) { $0.write("1", 3, at: 39) },
        RuleCase(.entryAmountCeiling, .plain(.rck), Place(3, 30, 39)) {
            $0.write(250_001, 3, 30, 39)
        },
        RuleCase(.entryAmountCeiling, .plain(.pop), Place(3, 30, 39)) {
            $0.write(2_500_001, 3, 30, 39)
        },
        RuleCase(
            .entryAmountSameDay,
            .plain(.ppd),
            Place(3, 30, 39),
            strict: .warning,
            lenient: .warning
        ) {
            $0.write("SD1300", 2, at: 64)
            $0.write(100_000_001, 3, 30, 39)
            $0 = $0.resealed()
        },
    ]

    /// What only some classes ask of their entries.
    static let entryForms: [RuleCase] = [
        RuleCase(.entryCheckSerial, .plain(.arc), Place(3, 40, 54)) { $0.fill(" ", 3, 40, 54) },
        RuleCase(.entryCheckSerial, .plain(.pop), Place(3, 40, 48)) { $0.fill("0", 3, 40, 48) },
        RuleCase(.entryTerminalPlace, .plain(.pop), Place(3, 49, 52)) { $0.fill(" ", 3, 49, 52) },
        RuleCase(.entryTerminalPlace, .plain(.pop), Place(3, 53, 54)) { $0.fill("0", 3, 53, 54) },
        RuleCase(.entryIdentification, .plain(.cie), Place(3, 55, 76)) { $0.fill(" ", 3, 55, 76) },
        RuleCase(.entryIdentification, .plain(.mte), Place(3, 55, 76)) { $0.fill("0", 3, 55, 76) },
        RuleCase(.entryIdentification, .plain(.shr), Place(3, 44, 54)) { $0.fill(" ", 3, 44, 54) },
        RuleCase(.entryCardExpiry, .plain(.shr), Place(3, 40, 43)) { $0.write("1328", 3, at: 40) },
        RuleCase(.entryCardType, .plain(.pos), Place(3, 77, 78)) { $0.write("04", 3, at: 77) },
        RuleCase(.entryCardType, .plain(.shr), Place(3, 77, 78)) { $0.write("  ", 3, at: 77) },
        RuleCase(.entryName, .plain(.ppd), Place(3, 55, 76)) { $0.fill(" ", 3, 55, 76) },
        RuleCase(.entryName, .plain(.mte), Place(3, 40, 54)) { $0.fill(" ", 3, 40, 54) },
        RuleCase(.entryName, .plain(.trx), Place(3, 59, 74)) { $0.fill(" ", 3, 59, 74) },
        RuleCase(.entryName, .plain(.rck), Place(3, 55, 76)) { $0.fill("0", 3, 55, 76) },
        RuleCase(
            .entryNameWanted,
            .plain(.ccd),
            Place(3, 55, 76),
            strict: .warning,
            lenient: .warning
        ) { $0.fill(" ", 3, 55, 76) },
        RuleCase(
            .entryNameWanted,
            .plain(.ctx),
            Place(3, 59, 74),
            strict: .warning,
            lenient: .warning
        ) { $0.fill("0", 3, 59, 74) },
        RuleCase(.entryPaymentType, .plain(.tel), Place(3, 77, 78)) { $0.write("  ", 3, at: 77) },
        RuleCase(.entryPaymentType, .plain(.tel), Place(3, 77, 78)) { $0.write("s ", 3, at: 77) },
        RuleCase(
            .entryPaymentTypeWanted,
            .plain(.web),
            Place(3, 77, 78),
            strict: .warning,
            lenient: .warning
        ) { $0.write("RS", 3, at: 77) },
        RuleCase(.entryScreening, .plain(.iat), Place(3, 77, 77)) { $0.write("2", 3, at: 77) },
        RuleCase(.entryScreening, .plain(.iat), Place(3, 78, 78)) { $0.write("Y", 3, at: 78) },
        RuleCase(.entryAdviceFields, .plain(.adv), Place(3, 40, 48)) { $0.write("X", 3, at: 40) },
        RuleCase(.entryAdviceFields, .plain(.adv), Place(3, 80, 87)) { $0.write(" ", 3, at: 87) },
        RuleCase(.entryAdviceFields, .plain(.adv), Place(3, 88, 90)) { $0.write("367", 3, at: 88) },
    ]
}
