/// Entries (design 3.7, record 6; 3.3).
extension FileReader {
    @inline(__always)
    mutating func readEntry(_ record: RecordView) {
        if !batch.policy.pattern.fits(record), isShapeless(record, batch.policy.kind),
            readMistyped(record)
        {
            return
        }
        if entry.isOpen { endEntry() }
        let kind = batch.policy.kind
        visit(record, kind)
        file.entries &+= 1
        batch.entries &+= 1
        batch.totals.entryAddendaCount &+= 1
        let isRepeated = repeats(record)
        beginEntry(record)
        entry.isRepeated = isRepeated
        if !batch.policy.pattern.fits(record) || isGarbled { reportEntryShape(record, kind) }
        entry.isDoubtful = isDoubtful
        checkCode(record)
        checkRouting(record)
        checkAmount(record)
        checkReceiver(record)
        checkIndicator(record)
        checkTrace(record)
    }

    @inline(__always)
    private mutating func beginEntry(_ record: RecordView) {
        entry = EntryState()
        entry.isOpen = true
        entry.line = line
        entry.record = Record(record)
    }

    /// Whether the record is the entry before once more.
    @inline(__always)
    private func repeats(_ record: RecordView) -> Bool {
        entry.record.withView { before in
            before.word(87) == record.word(87) && before.matches(1, 94, record, at: 1)
        }
    }

    private mutating func reportEntryShape(_ record: RecordView, _ kind: RecordKind) {
        guard let layout = kind.layout else { return }
        let isODFIKnown = batch.isODFIKnown
        let header = batch.header
        entry.faults = reportShape(record, layout) { field in
            // The header's ODFI was refused, and the trace number repeats it.
            field.name == "trace_number" && !isODFIKnown && record.isDigits(88, 94)
                && header?.withView { $0.matches(80, 87, record, at: 80) } ?? false
        }
        doubtUnreadable(.code, .entryTransactionCode, .amounts)
        doubtUnreadable(.routing, .entryReceivingDFI, .hash)
        doubtUnreadable(.amount, .entryAmount, .amounts)
    }

    /// What is no number cannot be added; it is reported as its field's fault or as a wrong character,
    /// and a profile that takes either must not lose the totals.
    private mutating func doubtUnreadable(
        _ fault: FieldFaults,
        _ rule: RuleID,
        _ parts: RunningTotals.Parts
    ) {
        guard !entry.faults.isDisjoint(with: fault),
            log.profile.severity(.recordCharacter) == .error
        else { return }
        doubt(parts, rule)
    }

    /// Reports a fault of an entry.
    mutating func refuse(
        _ rule: RuleID,
        _ from: Int,
        _ to: Int,
        _ record: RecordView,
        _ message: String
    ) {
        report(rule, from, to, record, batch.policy.kind, message)
    }

    @inline(__always)
    private mutating func checkCode(_ record: RecordView) {
        guard entry.faults.isDisjoint(with: .code) else { return }
        guard let code = TransactionCode(record.pair(2)) else {
            entry.faults.insert(.code)
            doubt(.amounts, .entryTransactionCode)
            return refuse(
                .entryTransactionCode,
                2,
                3,
                record,
                "\(record.text(2, 3)) is no transaction code."
            )
        }
        entry.code = code
        if !suits(code) { return refuseCode(code, record) }
        if code.side == .credit { batch.creditEntries &+= 1 } else { batch.debitEntries &+= 1 }
        // Whether a returned code is right shows with its addenda.
        if code.purpose != .returned { checkServiceClass(code) }
    }

    @inline(__always)
    mutating func checkServiceClass(_ code: TransactionCode) {
        guard let serviceClass = batch.serviceClass, !serviceClass.allows(code.side) else { return }
        batch.classFaults.add(
            Fault(
                rule: .entryCodeForServiceClass,
                line: entry.line,
                from: 2,
                to: 3,
                record: entry.record,
                kind: entry.isDoubtful ? .unknown : batch.policy.kind,
                message: "\(code.text), \(code.title), has no place in a batch of class "
                    + "\(serviceClass.rawValue)."
            )
        )
    }

    /// Whether the class of the batch allows the code.
    @inline(__always)
    private func suits(_ code: TransactionCode) -> Bool {
        let policy = batch.policy
        guard let entryClass = policy.entryClass else { return true }
        if (code.account == .advice) != (entryClass == .adv) { return false }
        switch code.purpose {
        // Judged when it is known whether a return follows.
        case .returned: return true
        case .loanReversal: return policy.isReversal
        case .zeroDollar where !policy.takesZeroDollarCodes: return false
        case .zeroDollar, .live, .prenote:
            // What never moves money uses no code that does.
            if policy.isAlwaysZero, entryClass == .cor || code.purpose == .live { return false }
            return policy.onlySide == nil || policy.onlySide == code.side
        }
    }

    private mutating func refuseCode(_ code: TransactionCode, _ record: RecordView) {
        // Its side is in doubt, and with it both totals.
        doubt(.amounts, .entryCodeForEntryClass)
        entry.faults.insert(.code)
        refuse(
            .entryCodeForEntryClass,
            2,
            3,
            record,
            "\(code.text), \(code.title), has no place in "
                + "\(batch.policy.entryClass?.rawValue ?? "this")"
                + "\(batch.policy.isReversal ? " reversals." : " batches.")"
        )
    }

    @inline(__always)
    private mutating func checkRouting(_ record: RecordView) {
        guard entry.faults.isDisjoint(with: .routing) else { return }
        let routing = record.eightDigits(4)
        batch.totals.hash &+= routing
        if routing == 0 {
            doubt(.hash, .entryReceivingDFI)
            return refuse(.entryReceivingDFI, 4, 11, record, "The receiving DFI is zeros.")
        }
        let expected = record.checkDigit(ofRoutingAt: 4)
        guard record[12] &- Character.zero != expected, entry.faults.isDisjoint(with: .checkDigit)
        else { return }
        // Which of the nine digits is wrong nobody can tell, so the hash may be as well.
        doubt(.hash, .entryCheckDigit)
        refuse(
            .entryCheckDigit,
            12,
            12,
            record,
            "The check digit of \(record.text(4, 11)) is \(expected), not \(record.text(12, 12))."
        )
    }

    @inline(__always)
    private mutating func checkReceiver(_ record: RecordView) {
        guard entry.faults.isDisjoint(with: .text) else { return }
        let policy = batch.policy
        if record.saysNothing(policy.account.from, policy.account.to) {
            refuse(
                .entryAccount,
                policy.account.from,
                policy.account.to,
                record,
                "The account number is blank or zeros."
            )
        }
        switch policy.form {
        case .standard, .exchange, .advice: checkName(record)
        case .nameFirst:
            checkName(record)
            checkIdentification(record)
        case .check, .pointOfPurchase, .sharedNetwork: checkCheckOrCard(record)
        case .international: checkScreening(record)
        }
        switch policy.entryClass {
        case .web, .tel: checkPaymentType(record)
        case .pos, .shr: checkCardType(record)
        default: break
        }
    }

    @inline(__always)
    private mutating func checkName(_ record: RecordView) {
        let policy = batch.policy
        guard record.saysNothing(policy.receiver.from, policy.receiver.to) else { return }
        switch policy.name {
        case .optional: break
        case .required:
            refuse(
                .entryName,
                policy.receiver.from,
                policy.receiver.to,
                record,
                "The receiver's name is blank."
            )
        case .wanted:
            refuse(
                .entryNameWanted,
                policy.receiver.from,
                policy.receiver.to,
                record,
                "The receiving company's name is blank."
            )
        }
    }

    @inline(__always)
    private mutating func checkIndicator(_ record: RecordView) {
        guard entry.faults.isDisjoint(with: .indicator) else { return }
        let indicator = record[79] &- Character.zero
        if indicator <= 1 {
            entry.indicator = indicator
        } else {
            entry.faults.insert(.indicator)
            refuse(
                .entryAddendaIndicator,
                79,
                79,
                record,
                "The addenda indicator is \(record.text(79, 79)), not 0 or 1."
            )
        }
    }
}
