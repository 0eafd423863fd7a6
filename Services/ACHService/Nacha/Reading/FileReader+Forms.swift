/// What entries of particular classes hold (design 3.7, record 6).
extension FileReader {
    /// Checks and cards: ARC, BOC, RCK, POP, SHR.
    mutating func checkCheckOrCard(_ record: RecordView) {
        switch batch.policy.form {
        case .check:
            if record.saysNothing(40, 54) {
                refuse(.entryCheckSerial, 40, 54, record, "The check serial number is blank.")
            }
            checkCheckWriter(record)
        case .pointOfPurchase: checkPointOfPurchase(record)
        case .sharedNetwork: checkCard(record)
        default: break
        }
    }

    /// Of the classes that convert checks, RCK alone asks for the name.
    private mutating func checkCheckWriter(_ record: RecordView) {
        guard batch.policy.entryClass == .rck, record.saysNothing(55, 76) else { return }
        refuse(.entryName, 55, 76, record, "The receiver's name is blank.")
    }

    private mutating func checkPointOfPurchase(_ record: RecordView) {
        if record.saysNothing(40, 48) {
            refuse(.entryCheckSerial, 40, 48, record, "The check serial number is blank.")
        }
        if record.saysNothing(49, 52) {
            refuse(.entryTerminalPlace, 49, 52, record, "The city of the terminal is blank.")
        }
        if record.saysNothing(53, 54) {
            refuse(.entryTerminalPlace, 53, 54, record, "The state of the terminal is blank.")
        }
    }

    private mutating func checkCard(_ record: RecordView) {
        let isMonth = record.isDigits(40, 43) && (1...12).contains(record.pair(40))
        if !isMonth {
            refuse(.entryCardExpiry, 40, 43, record, "'\(record.text(40, 43))' is no month MMYY.")
        }
        if record.saysNothing(44, 54) {
            refuse(
                .entryIdentification,
                44,
                54,
                record,
                "The document reference number is blank."
            )
        }
        if record.saysNothing(55, 76) {
            refuse(.entryAccount, 55, 76, record, "The card account number is blank.")
        }
    }

    /// CIE and MTE.
    mutating func checkIdentification(_ record: RecordView) {
        guard record.saysNothing(55, 76) else { return }
        refuse(
            .entryIdentification,
            55,
            76,
            record,
            "The identification number is blank."
        )
    }

    /// POS and SHR.
    mutating func checkCardType(_ record: RecordView) {
        let known: [StaticString] = ["01", "02", "03", "11", "12", "13", "21", "99"]
        guard !known.contains(where: { record.reads($0, 77, 78) }) else { return }
        refuse(
            .entryCardType,
            77,
            78,
            record,
            "'\(record.text(77, 78))' is no card transaction type."
        )
    }

    /// WEB and TEL.
    mutating func checkPaymentType(_ record: RecordView) {
        guard !record.reads("S", 77, 78), !record.reads("R", 77, 78) else { return }
        refuse(
            batch.policy.entryClass == .tel ? .entryPaymentType : .entryPaymentTypeWanted,
            77,
            78,
            record,
            "The payment type is '\(record.text(77, 78))', not R or S."
        )
    }

    /// IAT.
    mutating func checkScreening(_ record: RecordView) {
        for position in [77, 78] {
            switch record[position] {
            case Character.blank, Character.zero, Character.one: continue
            default:
                refuse(
                    .entryScreening,
                    position,
                    position,
                    record,
                    "'\(record.text(position, position))' is not blank, 0 or 1."
                )
            }
        }
    }
}
