/// Addenda that answer an earlier entry: changes (98) and returns (99) (design 3.7, record 7; 3.13).
extension FileReader {
    mutating func readChange(_ record: RecordView, _ kind: RecordKind, _ faults: FieldFaults) {
        entry.changes += 1
        entry.proper += 1
        if entry.changes > 1 { return refuseSurplus(record, kind) }
        let code = ChangeCode(record[4], record[5], record[6])
        if code == nil {
            report(
                .addendaChangeCode,
                4,
                6,
                record,
                kind,
                "'\(record.text(4, 6))' is no change code."
            )
        }
        checkOriginal(record, kind, faults)
        if record.saysNothing(36, 64) {
            report(
                .addendaCorrectedData,
                36,
                64,
                record,
                kind,
                "The corrected data is blank or zeros."
            )
        } else if kind == .changeAddenda {
            checkCorrectedData(record)
        }
        if kind == .refusedChangeAddenda {
            checkRefusal(record)
        } else if code != nil, batch.headerKind != .internationalBatchHeader,
            !record.isBlank(65, 70)
        {
            report(.recordReserved, 65, 70, record, kind, "The reserved area must be blank.")
        }
        if faults.isDisjoint(with: .trace), record.saysNothing(80, 94) {
            report(.addendaTrace, 80, 94, record, kind, "The trace number is zeros.")
        }
    }

    private mutating func checkRefusal(_ record: RecordView) {
        if record.isDigits(68, 74), record.saysNothing(68, 74) {
            report(
                .addendaReturnTrace,
                68,
                74,
                record,
                .refusedChangeAddenda,
                "The sequence number of the change is zeros."
            )
        }
        let code = ChangeCode(record[65], record[66], record[67])
        guard code?.isRefusal ?? true else { return }
        report(
            .addendaChangeCode,
            65,
            67,
            record,
            .refusedChangeAddenda,
            "'\(record.text(65, 67))' is no code of a change that can be refused."
        )
    }

    /// A routing number for C02, a transaction code for C05.
    private mutating func checkCorrectedData(_ record: RecordView) {
        let isGood: Bool
        if record.reads("C02", 4, 6) {
            isGood =
                record.isDigits(36, 44)
                && record.checkDigit(ofRoutingAt: 36) == record[44] &- Character.zero
        } else if record.reads("C05", 4, 6) {
            isGood = record.isDigits(36, 37) && TransactionCode(record.pair(36)) != nil
        } else {
            return
        }
        if isGood { return }
        report(
            .addendaCorrectedDataForm,
            36,
            64,
            record,
            .changeAddenda,
            "The corrected data is no \(record.reads("C02", 4, 6) ? "routing number" : "transaction code")."
        )
    }

    mutating func readReturn(_ record: RecordView, _ kind: RecordKind, _ faults: FieldFaults) {
        entry.returns += 1
        entry.proper += 1
        if entry.returns > 1 { return refuseSurplus(record, kind) }
        let code = ReturnCode(record[4], record[5], record[6])
        let isForEnrollments = code.map { (40...47).contains($0.number) } ?? false
        let entryClass = batch.policy.entryClass
        if code == nil || isForEnrollments && entryClass != .enr && entryClass != nil {
            report(
                .addendaReturnCode,
                4,
                6,
                record,
                kind,
                "'\(record.text(4, 6))' is no return reason code"
                    + (isForEnrollments ? " of \(entryClass?.rawValue ?? "") entries." : ".")
            )
        }
        checkOriginal(record, kind, faults)
        switch kind {
        case .returnAddenda: checkDateOfDeath(record, code)
        default: if faults.isDisjoint(with: .answer) { checkAnsweredReturn(record, kind) }
        }
        if faults.isDisjoint(with: .trace) { checkWholeTrace(record, kind) }
    }

    /// Original trace number and receiving DFI; zeros say nothing.
    private mutating func checkOriginal(
        _ record: RecordView,
        _ kind: RecordKind,
        _ faults: FieldFaults
    ) {
        if record.isDigits(7, 21), record.saysNothing(7, 21) {
            report(
                .addendaOriginalTrace,
                7,
                21,
                record,
                kind,
                "The original trace number is zeros."
            )
        }
        if record.isDigits(28, 35), record.saysNothing(28, 35) {
            report(
                .addendaOriginalDFI,
                28,
                35,
                record,
                kind,
                "The original receiving DFI is zeros."
            )
        }
    }

    private mutating func checkDateOfDeath(_ record: RecordView, _ code: ReturnCode?) {
        guard let code else { return }
        let isDeath = code.number == 14 || code.number == 15
        guard isDeath ? !record.isDate(22) : !record.saysNothing(22, 27) else { return }
        report(
            .addendaDateOfDeath,
            22,
            27,
            record,
            .returnAddenda,
            isDeath
                ? "\(code.text) tells of a death; '\(record.text(22, 27))' is no date YYMMDD."
                : "\(code.text) tells of no death, and a date of death is given."
        )
    }

    /// What dishonored and contested returns say of the return, and of the dishonor, before.
    private mutating func checkAnsweredReturn(_ record: RecordView, _ kind: RecordKind) {
        var isReported = false
        func refuse(_ from: Int, _ to: Int, _ message: String) {
            // A reason of another kind gives the record other fields: one cause.
            if isReported { return }
            isReported = true
            report(.addendaReturnTrace, from, to, record, kind, message)
        }
        func checkTrace(_ from: Int) {
            guard record.isDigits(from, from + 14), record.saysNothing(from, from + 14) else {
                return
            }
            refuse(from, from + 14, "The trace number is zeros.")
        }
        func checkDay(_ from: Int) {
            guard record.isDigits(from, from + 2),
                !(1...366).contains(record.number(from, from + 2))
            else { return }
            refuse(from, from + 2, "\(record.text(from, from + 2)) is no day of the year.")
        }
        func checkCode(_ from: Int, _ kinds: Set<ReturnCode.Kind>) {
            let code =
                record.isDigits(from, from + 1) ? ReturnCode(number: record.pair(from)) : nil
            guard code.map({ !kinds.contains($0.kind) }) ?? true else { return }
            refuse(
                from,
                from + 1,
                "'\(record.text(from, from + 1))' is no number of such a reason."
            )
        }
        checkTrace(39)
        checkDay(54)
        checkCode(57, [.return, .gateway])
        guard kind == .contestedAddenda else { return }
        if !record.isBlank(22, 27), !record.isDate(22) {
            refuse(22, 27, "'\(record.text(22, 27))' is no date YYMMDD.")
        }
        if !record.isBlank(36, 38) {
            if record.isDigits(36, 38) {
                checkDay(36)
            } else {
                refuse(36, 38, "'\(record.text(36, 38))' is no day of the year.")
            }
        }
        checkTrace(59)
        checkDay(74)
        checkCode(77, [.dishonored])
    }
}
