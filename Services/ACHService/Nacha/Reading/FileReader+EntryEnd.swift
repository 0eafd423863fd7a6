/// What can be said of an entry once all its addenda have been read (design 3.7, SEC rules).
extension FileReader {
    /// Ends the entry that is open, if one is.
    @inline(__always)
    mutating func endEntry() {
        guard entry.isOpen else { return }
        entry.isOpen = false
        if entry.addenda == 0, entry.indicator == 0, entry.faults.isEmpty,
            !batch.policy.addenda.isMandatory, batch.policy.form != .exchange,
            let code = entry.code, code.purpose != .zeroDollar, code.purpose != .returned
        {
            batch.forwards &+= 1
            if batch.answers > 0 { checkMix() }
            return
        }
        judgeAddenda()
    }

    private mutating func judgeAddenda() {
        countAnswer()
        // A record that nobody can read may be the one that is missed.
        if entry.hasLostRecord { return }
        if entry.indicator == 1, entry.addenda == 0 {
            doubt(.count, .entryAddendaIndicator)
            doubtBlocks(.entryAddendaIndicator)
            return refuseEntry(
                .entryAddendaIndicator,
                79,
                79,
                "The addenda indicator is 1, and no addenda follow."
            )
        }
        if entry.indicator == 0, entry.addenda == 0, lacksAddenda {
            return refuseEntry(
                .entryAddendaRequired,
                79,
                79,
                "\(batch.policy.entryClass?.rawValue ?? "Such") entries of this kind carry addenda; "
                    + "this one has none."
            )
        }
        checkReturnedCode()
        checkAddendaCount()
        checkInternationalEnd()
    }

    /// Returns and changes have the codes 21, 26, 31 …, and what has them is one (design 3.3).
    private mutating func checkReturnedCode() {
        guard let code = entry.code, entry.faults.isDisjoint(with: .code), !entry.hasSequenceFault,
            code.account != .advice
        else { return }
        let isAnswer = entry.returns + entry.changes > 0
        guard isAnswer != (code.purpose == .returned) else { return }
        doubt(.amounts, .entryCodeForEntryClass)
        refuseEntry(
            .entryCodeForEntryClass,
            2,
            3,
            isAnswer
                ? "\(code.text) moves money forward; a return or change has a code such as 21 or 26."
                : "\(code.text) is for returns and changes; no addenda of type 99 or 98 follows."
        )
    }

    /// Counts the entry as a return or as a forward entry.
    ///
    /// One whose code and addenda disagree is neither: that is reported by itself.
    private mutating func countAnswer() {
        let hasReturnedCode = entry.code?.purpose == .returned
        if entry.returns > 0, hasReturnedCode {
            batch.answers += 1
        } else if entry.returns == 0, !hasReturnedCode {
            batch.forwards += 1
        }
        if entry.returns + entry.changes > 0, let code = entry.code, code.purpose == .returned {
            checkServiceClass(code)
        }
        checkMix()
    }

    /// Whether addenda are missing that the class or the code calls for.
    private var lacksAddenda: Bool {
        guard let code = entry.code, entry.faults.isDisjoint(with: .code) else { return false }
        let policy = batch.policy
        switch code.purpose {
        // Acknowledgments may say all they have to say in the entry itself.
        case .zeroDollar: return !policy.isAlwaysZero
        case .prenote:
            return policy.form == .international
                || policy.isAlwaysZero && policy.addenda.isMandatory
        case .returned: return batch.policy.entryClass == .cor
        case .live, .loanReversal: return batch.policy.addenda.isMandatory
        }
    }

    private mutating func checkMix() {
        // Notifications of change are neither.
        guard batch.answers > 0, batch.forwards > 0, !batch.isMixReported,
            batch.policy.entryClass != .cor
        else { return }
        batch.isMixReported = true
        refuseEntry(
            .batchMixesReturns,
            1,
            RecordView.length,
            entry.returns > 0
                ? "A return stands among forward entries." : "A forward entry stands among returns."
        )
    }

    /// The number of addenda that CTX, ATX, TRX and IAT entries state.
    private mutating func checkAddendaCount() {
        guard entry.faults.isDisjoint(with: .count), entry.returns == 0, entry.changes == 0,
            !entry.hasSequenceFault, !entry.hasOrderFault
        else { return }
        let (from, to): (Int, Int)
        switch batch.policy.form {
        case .exchange: (from, to) = (55, 58)
        case .international: (from, to) = (13, 16)
        default: return
        }
        let stated = entry.record.number(from, to)
        guard stated != UInt64(entry.addenda) else { return }
        doubt(.count, .entryAddendaCount)
        doubtBlocks(.entryAddendaCount)
        refuseEntry(
            .entryAddendaCount,
            from,
            to,
            "The entry says \(stated) addenda; \(entry.addenda) follow."
        )
    }

    /// An IAT entry ends with its addenda 16, or with optional ones behind it.
    private mutating func checkInternationalEnd() {
        guard batch.policy.form == .international, entry.addenda > 0, entry.changes == 0,
            !entry.hasOrderFault, entry.internationalType < 16
        else { return }
        doubt(.count, .addendaInternationalOrder)
        doubtBlocks(.addendaInternationalOrder)
        refuseEntry(
            .addendaInternationalOrder,
            13,
            16,
            "Addenda \(entry.internationalType == 0 ? 10 : entry.internationalType + 1) to 16 are "
                + "missing."
        )
    }

    /// Reports a fault of the entry whose addenda have been read.
    mutating func refuseEntry(_ rule: RuleID, _ from: Int, _ to: Int, _ message: String) {
        report(
            rule,
            line: entry.line,
            positions: (from)...(to),
            record: entry.record,
            kind: entry.isDoubtful ? .unknown : batch.policy.kind,
            entry.isDoubtful ? RuleCatalogue.rule(rule).title + "." : message
        )
    }
}
