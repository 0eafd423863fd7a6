@testable import Nacha

/// Headers of IAT batches, and the addenda of their entries: 10 to 16 in lines 4 to 10, two 17 in lines
/// 11 and 12, five 18 behind them where there are any.
extension RuleCase {
    static let internationalBatches: [RuleCase] = [
        RuleCase(.batchInternationalIndicator, .plain(.iat), Place(2, 5, 20)) {
            $0.write("ACME", 2, at: 5)
        },
        RuleCase(.batchForeignExchange, .plain(.iat), Place(2, 21, 22)) {
            $0.write("VV", 2, at: 21)
        },
        RuleCase(.batchForeignExchangeReference, .plain(.iat), Place(2, 23, 23)) {
            $0.write("4", 2, at: 23)
        },
        RuleCase(.batchDestinationCountry, .plain(.iat), Place(2, 39, 40)) {
            $0.write("de", 2, at: 39)
        },
        RuleCase(.batchCurrency, .plain(.iat), Place(2, 64, 66)) { $0.write("US ", 2, at: 64) },
        RuleCase(.batchCurrency, .plain(.iat), Place(2, 67, 69)) { $0.write("978", 2, at: 67) },
    ]

    static let internationalAddenda: [RuleCase] = [
        RuleCase(.addendaInternationalOrder, .plain(.iat), Place(5, 2, 3)) { $0.swap(5, 6) },
        RuleCase(.addendaInternationalOrder, .plain(.iat), Place(6, 2, 3)) {
            $0.write("11", 6, at: 2)
        },
        // Addenda 12 is lost.
        RuleCase(.addendaInternationalOrder, .plain(.iat), Place(6, 2, 3)) { $0.remove(6) },
        // Addenda 16 is lost: what is missing at the end is told of the entry.
        RuleCase(.addendaInternationalOrder, .plain(.iat), Place(3, 13, 16)) {
            $0.remove(10)
            $0.write("0006", 3, at: 13)
            $0 = $0.resealed()
        },
        RuleCase(.addendaTooMany, .withAddenda(.iat), Place(13)) {
            $0.insert($0.lines[11], at: 13)
            $0.write("0003", 13, at: 84)
            $0.write("0015", 3, at: 13)
            $0 = $0.resealed()
        },
        RuleCase(.addendaType, .plain(.iat), Place(7, 2, 3)) { $0.write("1X", 7, at: 2) },
        RuleCase(.addendaType, .plain(.iat), Place(7, 2, 3)) { $0.write("05", 7, at: 2) },
        RuleCase(.addendaSequence, .withAddenda(.iat), Place(12, 84, 87)) {
            $0.write("0003", 12, at: 84)
        },
        RuleCase(.addendaSequence, .withAddenda(.iat), Place(13, 84, 87)) {
            $0.write("X", 13, at: 84)
        },
        RuleCase(.addendaTransactionType, .plain(.iat), Place(4, 4, 6)) {
            $0.write("QQQ", 4, at: 4)
        },
        RuleCase(.addendaForeignAmount, .plain(.iat), Place(4, 7, 24)) { $0.write(" ", 4, at: 7) },
        RuleCase(.addendaParty, .plain(.iat), Place(4, 47, 81)) { $0.fill(" ", 4, 47, 81) },
        RuleCase(.addendaParty, .plain(.iat), Place(5, 4, 38)) { $0.fill(" ", 5, 4, 38) },
        RuleCase(.addendaParty, .plain(.iat), Place(6, 4, 38)) { $0.fill(" ", 6, 4, 38) },
        RuleCase(.addendaParty, .plain(.iat), Place(7, 41, 74)) { $0.fill("0", 7, 41, 74) },
        RuleCase(.addendaParty, .plain(.iat), Place(9, 19, 53)) { $0.fill(" ", 9, 19, 53) },
        RuleCase(.addendaAddress, .plain(.iat), Place(6, 4, 38)) {
            $0.write("BOISE ID\\                          ", 6, at: 4)
        },
        RuleCase(.addendaAddress, .plain(.iat), Place(10, 39, 73)) {
            $0.write("CA*M5H 2N2                         ", 10, at: 39)
        },
        RuleCase(.addendaBankQualifier, .plain(.iat), Place(7, 39, 40)) {
            $0.write("04", 7, at: 39)
        },
        RuleCase(.addendaBankQualifier, .withAddenda(.iat), Place(13, 39, 40)) {
            $0.write("  ", 13, at: 39)
        },
        RuleCase(.addendaCountry, .plain(.iat), Place(8, 75, 77)) { $0.write("C1 ", 8, at: 75) },
        RuleCase(.addendaCountry, .plain(.iat), Place(7, 75, 77)) { $0.write("USA", 7, at: 75) },
    ]
}
