/// Batch headers, in both forms (design 3.7, record 5).
extension FileReader {
    mutating func readBatchHeader(_ record: RecordView) {
        if batch.isOpen, StandardEntryClass(record) == nil, readMistyped(record) { return }
        // An entry that stands before the header may be one of this batch.
        let isEntryAstray = batch.isOpen && batch.isImplied
        if batch.isOpen {
            isDoubtful = true
            reportMissingBatchControl()
        }
        file.hasLostRecord = false
        let kind = RecordKind(batchHeader: record)
        visit(record, kind)
        openBatch(record, kind: kind)
        if isEntryAstray { batch.totals.unreliable = .all }
        if isGarbled { return }
        guard let layout = kind.layout else { return }
        var bad: Set<RuleID> = []
        if !layout.pattern.fits(record) {
            reportShape(record, layout)
            bad = misshapen(record, layout)
        }
        batch.isDoubtful = isDoubtful
        batch.isCompanyIDRefused = isRefused(41, 50)
        checkClasses(record, kind, bad)
        checkOriginator(record, kind)
        if kind == .internationalBatchHeader { checkInternationalHeader(record) }
        checkDates(record, kind)
        checkOrigin(record, kind, bad)
    }

    /// Begins a batch; without a header where it is lost.
    mutating func openBatch(_ record: RecordView?, kind: RecordKind) {
        file.batches += 1
        batch = BatchState()
        batch.isOpen = true
        batch.line = line
        batch.headerKind = kind
        entry.isOpen = false
        guard let record, !isGarbled else { return }
        batch.header = Record(record)
        let entryClass = Self.entryClass(of: record)
        batch.policy = EntryPolicy(entryClass, header: record)
        if record.isDigits(2, 4) {
            batch.serviceClass = ServiceClass(rawValue: Int(record.number(2, 4)))
        }
        batch.isODFIKnown = record.isDigits(80, 87) && !record.saysNothing(80, 87)
        batch.odfi = record.word(80)
        batch.number = record.isDigits(88, 94) ? record.number(88, 94) : nil
    }

    /// The class that a header means; one in small letters is refused, and still read as what it is.
    private static func entryClass(of record: RecordView) -> StandardEntryClass? {
        if let entryClass = StandardEntryClass(record) { return entryClass }
        // Service class 280 belongs to ADV alone.
        if record.reads("280", 2, 4) { return .adv }
        return StandardEntryClass(rawValue: record.text(51, 53).uppercased())
    }

    private mutating func checkClasses(
        _ record: RecordView,
        _ kind: RecordKind,
        _ bad: Set<RuleID>
    ) {
        let entryClass = StandardEntryClass(record)
        if entryClass == nil {
            report(
                .batchEntryClass,
                51,
                53,
                record,
                kind,
                "'\(record.text(51, 53))' is no standard entry class code."
            )
        }
        guard !bad.contains(.batchServiceClass) else { return }
        guard let serviceClass = batch.serviceClass else {
            return report(
                .batchServiceClass,
                2,
                4,
                record,
                kind,
                "\(record.text(2, 4)) is no service class."
            )
        }
        if let entryClass, (entryClass == .adv) != (serviceClass == .advices) {
            report(
                .batchClassForAdvices,
                2,
                4,
                record,
                kind,
                "Service class \(serviceClass.rawValue) does not go with \(entryClass.rawValue)."
            )
            batch.serviceClass = nil
        }
        guard let entryClass else { return }
        let isAdvice = entryClass == .adv
        if let before = file.isAdvice, before != isAdvice {
            report(
                .fileMixesAdvices,
                51,
                53,
                record,
                kind,
                "A batch of \(entryClass.rawValue) stands in a file of "
                    + (before ? "ADV batches." : "other batches.")
            )
        }
        if file.isAdvice == nil { file.isAdvice = isAdvice }
    }

    private mutating func checkOriginator(_ record: RecordView, _ kind: RecordKind) {
        if kind == .batchHeader, record.saysNothing(5, 20) {
            report(.batchCompanyName, 5, 20, record, kind, "The company name is blank.")
        }
        if record.saysNothing(41, 50) {
            report(.batchCompanyID, 41, 50, record, kind, "The company identification is blank.")
        }
        checkDescription(record, kind)
        let status = record[79]
        let entryClass = batch.policy.entryClass
        let isKnown =
            status == Character.one || status == UInt8(ascii: "2")
            || status == Character.zero && entryClass == .adv
        if !isKnown {
            report(
                .batchOriginatorStatus,
                79,
                79,
                record,
                kind,
                "'\(record.text(79, 79))' is no originator status of such a batch."
            )
        } else if entryClass == .dne, status != UInt8(ascii: "2") {
            report(
                .batchStatusForDeathNotices,
                79,
                79,
                record,
                kind,
                "The originator status is \(record.text(79, 79)), not 2."
            )
        }
    }

    /// The words that receivers and operators look for, which must be in capitals.
    private static let reservedWords: [String] = [
        "REVERSAL", "RECLAIM", "NONSETTLED", "AUTOENROLL", "REDEPCHECK", "NO CHECK", "RETURN FEE",
        "HCCLAIMPMT",
    ]

    private mutating func checkDescription(_ record: RecordView, _ kind: RecordKind) {
        if record.saysNothing(54, 63) {
            return report(
                .batchDescription,
                54,
                63,
                record,
                kind,
                "The company entry description is blank."
            )
        }
        let text = record.trimmedText(54, 63)
        let capitals = text.uppercased()
        if text != capitals, Self.reservedWords.contains(capitals) {
            return report(
                .batchReservedWord,
                54,
                63,
                record,
                kind,
                "'\(text)' must be written \(capitals)."
            )
        }
        guard let entryClass = batch.policy.entryClass,
            let wanted = entryClass.description, !record.reads(wanted, 54, 63),
            !record.reads("REVERSAL", 54, 63)
        else { return }
        report(
            .batchDescriptionForClass,
            54,
            63,
            record,
            kind,
            "An \(entryClass.rawValue) batch says \(wanted), not '\(text)'."
        )
    }

    private mutating func checkInternationalHeader(_ record: RecordView) {
        func refuse(_ rule: RuleID, _ from: Int, _ to: Int, _ message: String) {
            report(rule, from, to, record, .internationalBatchHeader, message)
        }
        if !record.isBlank(5, 20), !record.reads("IATCOR", 5, 20) {
            refuse(.batchInternationalIndicator, 5, 20, "Positions 5 to 20 say something else.")
        }
        if !["FV", "VF", "FF"].contains(record.text(21, 22)) {
            refuse(.batchForeignExchange, 21, 22, "'\(record.text(21, 22))' is not FV, VF or FF.")
        }
        if !(UInt8(ascii: "1")...UInt8(ascii: "3")).contains(record[23]) {
            refuse(
                .batchForeignExchangeReference,
                23,
                23,
                "'\(record.text(23, 23))' is not 1, 2 or 3."
            )
        }
        if !record.isCapitals(39, 40) {
            refuse(
                .batchDestinationCountry,
                39,
                40,
                "'\(record.text(39, 40))' is no code of a country."
            )
        }
        for from in [64, 67] where !record.isCapitals(from, from + 2) {
            refuse(
                .batchCurrency,
                from,
                from + 2,
                "'\(record.text(from, from + 2))' is no code of a currency."
            )
        }
    }

    private mutating func checkDates(_ record: RecordView, _ kind: RecordKind) {
        if record.isBlank(70, 75) {
            report(.batchEffectiveDateBlank, 70, 75, record, kind, "The date is blank.")
        } else if !record.isDate(70) {
            report(
                .batchEffectiveDate,
                70,
                75,
                record,
                kind,
                "'\(record.text(70, 75))' is no date YYMMDD."
            )
        }
        let isDay =
            record.isDigits(76, 78) && (1...366).contains(record.number(76, 78))
        if !record.isBlank(76, 78), !isDay {
            report(
                .batchSettlementDate,
                76,
                78,
                record,
                kind,
                "'\(record.text(76, 78))' is no day of the year."
            )
        }
    }

    private mutating func checkOrigin(
        _ record: RecordView,
        _ kind: RecordKind,
        _ bad: Set<RuleID>
    ) {
        if !bad.contains(.batchODFI), !batch.isODFIKnown {
            report(.batchODFI, 80, 87, record, kind, "The originating DFI is zeros.")
        }
        guard let number = batch.number else { return }
        if number <= file.lastBatchNumber, file.batches > 1, !file.isBatchCountUnreliable {
            report(
                .batchNumberOrder,
                88,
                94,
                record,
                kind,
                "Batch \(number) follows batch \(file.lastBatchNumber)."
            )
            // Its control has the same right to be wrong: it is not compared.
            batch.number = nil
        }
        file.previousBatchNumber = file.lastBatchNumber
        file.lastBatchNumber = number
    }

    /// The next batch, or the end of the file, came before a control.
    mutating func reportMissingBatchControl() {
        endEntry()
        batch.isOpen = false
        file.counted.add(batch.totals)
        file.stated.unreliable = .all
        doubtBatches(.batchControlMissing)
        releaseHeldFaults()
        guard !batch.hasLostRecord, !batch.isImplied, !file.isCutShort else { return }
        report(
            .batchControlMissing,
            line: line,
            "Batch \(batch.header?.text(88, 94) ?? "") of line \(batch.line) has no control here."
        )
    }

    /// Reports what entries say against their header, each by itself.
    mutating func releaseHeldFaults() {
        release(batch.classFaults)
        release(batch.odfiFaults)
    }

    mutating func release(_ faults: HeldFaults) {
        for fault in faults.first { log.add(fault) }
        guard let rule = faults.first.first?.rule else { return }
        log.count(faults.count - faults.first.count, of: rule)
    }
}

extension RecordView {
    /// Whether a stretch holds capital letters and nothing else.
    func isCapitals(_ from: Int, _ to: Int) -> Bool {
        (from...to).allSatisfy { Character.isUpperCaseLetter(self[$0]) }
    }
}
