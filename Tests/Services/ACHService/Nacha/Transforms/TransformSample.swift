import Nacha

/// Small valid files for the tests of transformations and comparison.
enum TransformSample {
    static let creation = FileCreation(date: day(2026, 6, 15), time: time(9, 30))

    static func day(_ year: Int, _ month: Int, _ day: Int) -> CivilDate {
        guard let date = CivilDate(year: year, month: month, day: day) else {
            preconditionFailure("no such day")
        }
        return date
    }

    static func time(_ hour: Int, _ minute: Int) -> TimeOfDay {
        guard let time = TimeOfDay(hour: hour, minute: minute) else {
            preconditionFailure("no such time")
        }
        return time
    }

    /// The bank of eight digits.
    static func bank(_ identification: UInt32) -> RoutingNumber {
        guard let bank = RoutingNumber(identification: identification) else {
            preconditionFailure("no such bank")
        }
        return bank
    }

    static func modifier(_ text: String) -> FileIDModifier {
        guard let modifier = FileIDModifier(text) else { preconditionFailure("no modifier") }
        return modifier
    }

    /// A closed file of batches for a bank.
    static func file(
        _ batches: [NachaBatch],
        origin: UInt32 = 7_200_003,
        destination: UInt32 = 9_100_001,
        modifier: String = "A",
        reference: String = ""
    ) throws -> NachaFile {
        let header = FileHeaderDraft(
            destination: bank(destination),
            origin: .routingNumber(bank(origin)),
            creationDate: creation.date,
            creationTime: creation.time,
            modifier: self.modifier(modifier),
            destinationName: "CITY BANK",
            originName: "CITY",
            reference: reference
        )
        return try NachaFile(header: header.record(), batches: batches).closed()
    }

    /// A batch with the service class that its entries call for, unless another one is given.
    static func batch(
        _ entryClass: StandardEntryClass = .ppd,
        company: String = "CITY",
        odfi: UInt32 = 7_200_003,
        serviceClass: ServiceClass? = nil,
        description: String? = nil,
        descriptiveDate: String = "",
        effectiveDate: CivilDate? = day(2026, 6, 16),
        _ entries: [EntryDetail]
    ) throws -> NachaBatch {
        let header: Record
        if entryClass == .iat {
            header = try InternationalBatchHeaderDraft(
                serviceClass: .mixed,
                destinationCountry: "DE",
                originatorID: "1123456789",
                entryDescription: description ?? "RENT",
                effectiveDate: effectiveDate,
                odfi: bank(odfi)
            ).record()
        } else {
            header = try BatchHeaderDraft(
                serviceClass: .mixed,
                companyName: company,
                companyID: "1123456789",
                entryClass: entryClass,
                entryDescription: description ?? entryClass.description.map(
                    String.init(describing:)
                )
                    ?? "TUITION",
                descriptiveDate: descriptiveDate,
                effectiveDate: effectiveDate,
                originatorStatus: entryClass == .dne
                    ? .federalGovernment : .depositoryInstitution,
                odfi: bank(odfi)
            ).record()
        }
        var batch = try NachaBatch(header: header, entries: entries).withServiceClassOfEntries()
        if let serviceClass {
            let text = "\(serviceClass.rawValue)"
            batch.header.write(text, 2, 4)
        }
        return batch
    }

    /// A batch of debits with these sequence numbers, each of so many cents.
    static func debits(
        _ sequences: some Sequence<UInt32>,
        _ cents: UInt64 = 1_000
    ) throws -> NachaBatch {
        try batch(.ppd, sequences.map { try entry(27, cents, $0) })
    }

    /// An entry of a class, with the addenda that the class asks for and others before them.
    static func entry(
        _ code: Int = 27,
        _ cents: UInt64 = 1_000,
        _ sequence: UInt32,
        _ entryClass: StandardEntryClass = .ppd,
        odfi: UInt32 = 7_200_003,
        account: String = "123456789",
        name: String = "JANE DOE",
        addenda: [AddendaDraft] = []
    ) throws -> EntryDetail {
        guard let code = TransactionCode(code),
            let trace = TraceNumber(odfi: odfi, sequence: sequence)
        else { preconditionFailure("no such code or trace number") }
        let draft = EntryDraft(
            transactionCode: code,
            receiver: bank(2_100_002),
            accountNumber: account,
            amountMinorUnits: cents,
            details: details(entryClass, name),
            discretionaryData: discretionaryData(entryClass),
            addenda: addenda + mandatoryAddenda(entryClass, hasOwn: !addenda.isEmpty)
        )
        var entry = try draft.entry(trace: trace)
        // The account of an IAT entry lies elsewhere.
        if entryClass == .iat { entry.record.write(account, 40, 74) }
        return entry
    }

    private static func details(
        _ entryClass: StandardEntryClass,
        _ name: String
    ) -> EntryDraft.Details {
        switch entryClass.entryForm {
        case .standard: return .standard(identification: "S-1", name: name)
        case .check: return .check(serial: "1001", name: name)
        case .pointOfPurchase:
            return .pointOfPurchase(serial: "1001", city: "DETR", state: "MI", name: name)
        case .sharedNetwork:
            guard let expiry = EntryDraft.CardExpiry(year: 2028, month: 6) else {
                preconditionFailure("no such month")
            }
            return .sharedNetwork(
                expiry: expiry,
                documentReference: "1",
                cardAccount: "4111111111111111"
            )
        case .nameFirst: return .nameFirst(name: String(name.prefix(15)), identification: "S-1")
        case .exchange: return .exchange(identification: "S-1", name: String(name.prefix(16)))
        case .international:
            return .international(isListedByGateway: false, isListedBySecondary: nil)
        case .advice:
            return .advice(
                EntryDraft.Advice(
                    adviceRouting: bank(9_100_001),
                    fileIdentification: "1",
                    name: name,
                    dayOfYear: 167
                )
            )
        }
    }

    private static func discretionaryData(_ entryClass: StandardEntryClass) -> String {
        switch entryClass {
        case .web, .tel: "S"
        case .pos, .shr: "01"
        default: ""
        }
    }

    private static func mandatoryAddenda(
        _ entryClass: StandardEntryClass,
        hasOwn: Bool
    ) -> [AddendaDraft] {
        switch entryClass {
        case .iat: international
        case .mte, .pos, .shr:
            [
                .terminal(
                    TerminalAddendaDraft(
                        terminalID: "T1",
                        serialNumber: "1",
                        date: day(2026, 6, 14),
                        location: "MAIN STREET",
                        city: "DETROIT",
                        state: "MI"
                    )
                )
            ]
        case .trx, .enr, .dne: hasOwn ? [] : [.payment("DATA")]
        default: []
        }
    }

    /// Addenda 10 to 16.
    private static let international: [AddendaDraft] = {
        let bank = ForeignBankDraft(
            name: "BANK",
            qualifier: .nationalClearing,
            identification: "072000326",
            branchCountry: "US"
        )
        let address = PartyAddressDraft(
            city: "BERLIN",
            state: "BE",
            country: "DE",
            postalCode: "10115"
        )
        return [
            .transaction(
                TransactionAddendaDraft(
                    reason: .business,
                    foreignAmount: 1_000,
                    receiverName: "JANE DOE"
                )
            ),
            .originator(name: "CITY", street: "1 MAIN STREET"),
            .originatorAddress(address),
            .originatingBank(bank),
            .receivingBank(bank),
            .receiver(identification: "S-1", street: "2 MAIN STREET"),
            .receiverAddress(address),
        ]
    }()

    /// The errors that the strict validator finds, as `rule line N: message`.
    static func errors(_ file: NachaFile) -> [String] {
        var reader = FileReader(profile: .strict)
        reader.read(file.bytes)
        return reader.finish().diagnostics
            .filter { $0.severity == .error }
            .map { "\($0.rule.rawValue) line \($0.line): \($0.message)" }
    }

    /// How often each entry stands in files, addenda included: nothing lost, nothing changed.
    static func census(_ files: [NachaFile]) -> [EntryDetail: Int] {
        var census: [EntryDetail: Int] = [:]
        for file in files {
            for batch in file.batches {
                for entry in batch.entries { census[entry, default: 0] += 1 }
            }
        }
        return census
    }

    /// The totals of several files: entries with addenda, debits, credits.
    static func totals(_ files: [NachaFile]) throws -> EntryTotals {
        var totals = EntryTotals()
        for file in files {
            for batch in file.batches { try totals.add(EntryTotals(of: batch)) }
        }
        return totals
    }
}
