extension RecordKind {
    /// Which form a batch header has: that of IAT for IAT batches and for changes to them (IATCOR).
    package init(batchHeader header: RecordView) {
        let isInternational =
            header.reads("IAT", 51, 53) || header.reads("IATCOR", 5, 20)
            || StandardEntryClass(header) == nil && Self.hasForeignExchange(header)
        self = isInternational ? .internationalBatchHeader : .batchHeader
    }

    /// Whether a header whose class is unreadable has the other fields of an IAT header.
    private static func hasForeignExchange(_ header: RecordView) -> Bool {
        header.isBlank(5, 20)
            && ["FF", "FV", "VF"].contains { header.reads($0, 21, 22) }
    }

    /// Which variant an addenda record is, by its type code and, for changes and returns, its reason;
    /// `unknown` where the type is none.
    package init(addenda record: RecordView) {
        guard Character.isDigit(record[2]), Character.isDigit(record[3]) else {
            self = .unknown
            return
        }
        self =
            switch record.pair(2) {
            case 2: .terminalAddenda
            case 5: .paymentAddenda
            case 10: .transactionAddenda
            case 11: .originatorAddenda
            case 12: .originatorAddressAddenda
            case 13: .originatingBankAddenda
            case 14: .receivingBankAddenda
            case 15: .receiverAddenda
            case 16: .receiverAddressAddenda
            case 17: .remittanceAddenda
            case 18: .correspondentAddenda
            case 98:
                ChangeCode(record[4], record[5], record[6])?.isRefusal ?? false
                    ? .refusedChangeAddenda : .changeAddenda
            case 99: RecordKind(returnAddenda: record)
            default: .unknown
            }
    }

    /// Returns, dishonored returns (R61 to R70) and contested ones (R71 to R77) lie differently.
    private init(returnAddenda record: RecordView) {
        switch ReturnCode(record[4], record[5], record[6])?.kind {
        case .dishonored: self = .dishonoredAddenda
        case .contested: self = .contestedAddenda
        default: self = .returnAddenda
        }
    }

    /// Which form the entries of a class have.
    package init(entriesOf entryClass: StandardEntryClass) {
        self =
            switch entryClass.entryForm {
            case .standard: .entry
            case .check: .checkEntry
            case .pointOfPurchase: .pointOfPurchaseEntry
            case .sharedNetwork: .sharedNetworkEntry
            case .nameFirst: .nameFirstEntry
            case .exchange: .exchangeEntry
            case .international: .internationalEntry
            case .advice: .adviceEntry
            }
    }
}
