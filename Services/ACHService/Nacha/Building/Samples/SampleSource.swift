/// Makes the records of one sample file in order: header, then batch headers with their entries.
///
/// Both ways of writing a sample take theirs from here, and so give the same bytes.
struct SampleSource {
    let options: SampleOptions
    var random: SplitMix64
    /// The bank that originates forward entries.
    let odfi: RoutingNumber
    /// The bank that receives them, where a whole batch answers to one.
    var answeringBank: RoutingNumber
    var company: String
    /// The place abroad of an IAT batch.
    var abroad: SampleWords.Foreign

    /// Amounts in cents, so low that a file full of entries keeps its totals.
    static let amounts = 100...150_000

    /// Refuses an answer that the class does not have.
    init(_ options: SampleOptions, seed: UInt64) throws(BuildingFaults) {
        if let answer = options.answer,
            !SampleOptions.answers(to: options.entryClass).contains(answer)
        {
            throw BuildingFaults([
                .wrongForm(
                    field: "standard_entry_class_code",
                    value: options.entryClass.rawValue,
                    form: "a class to whose entries this answer is given"
                )
            ])
        }
        self.options = options
        random = SplitMix64(seed: seed)
        odfi = Self.bank(&random)
        answeringBank = odfi
        company = SampleWords.companies[0]
        abroad = SampleWords.foreignPlaces[0]
    }

    mutating func fileHeader() throws(BuildingFaults) -> Record {
        try FileHeaderDraft(
            destination: odfi,
            origin: .agreed("1" + random.digits(9)),
            creationDate: options.date,
            creationTime: TimeOfDay(minutes: random.below(1_440)),
            modifier: options.modifier,
            destinationName: "FIRST SAMPLE BANK",
            originName: "CITY OF SAMPLES",
            reference: random.digits(8)
        ).record()
    }

    /// The header of the next batch, whose entries come next.
    mutating func nextBatchHeader() throws(BuildingFaults) -> Record {
        company = random.pick(SampleWords.companies)
        answeringBank = bank()
        abroad = random.pick(SampleWords.foreignPlaces)
        let settlementDay = options.answer == nil ? nil : options.date.dayOfYear
        if options.batchClass == .iat {
            return try InternationalBatchHeaderDraft(
                serviceClass: serviceClass,
                foreignExchange: .fixedToVariable,
                destinationCountry: abroad.country,
                originatorID: "1" + random.digits(9),
                entryDescription: "SUPPLIES",
                destinationCurrency: abroad.currency,
                effectiveDate: effectiveDate,
                settlementDay: settlementDay,
                odfi: sender
            ).record()
        }
        return try BatchHeaderDraft(
            serviceClass: serviceClass,
            companyName: company,
            discretionaryData: random.once(in: 2) ? "REF " + random.digits(8) : "",
            companyID: "1" + random.digits(9),
            entryClass: options.batchClass,
            entryDescription: entryDescription,
            effectiveDate: effectiveDate,
            settlementDay: settlementDay,
            originatorStatus: originatorStatus,
            odfi: sender
        ).record()
    }

    /// The bank whose batch it is: returns and changes come from the bank that received the entries.
    private var sender: RoutingNumber {
        switch options.answer {
        case .returned, .contested, .change: answeringBank
        case .dishonored, .refusedChange: odfi
        case nil: options.entryClass == .cor ? answeringBank : odfi
        }
    }

    private var effectiveDate: CivilDate {
        FederalReserveCalendar().bankingDay(after: options.date)
    }

    private var originatorStatus: BatchHeaderDraft.OriginatorStatus {
        switch options.batchClass {
        case .adv: .operatorOfNetwork
        case .dne: .federalGovernment
        default: .depositoryInstitution
        }
    }

    private var serviceClass: ServiceClass {
        if options.entryClass == .adv { return .advices }
        return switch sides {
        case .credits: .creditsOnly
        case .debits: .debitsOnly
        case .mixed: .mixed
        }
    }

    /// The sides that the class leaves: TRC entries are checks, and so debits.
    private var sides: SampleOptions.Sides {
        if options.entryClass == .trc { return .debits }
        guard let only = options.entryClass.onlySide else { return options.sides }
        return only == .credit ? .credits : .debits
    }

    /// The side of the next entry.
    mutating func side() -> TransactionCode.Side {
        switch sides {
        case .credits: .credit
        case .debits: .debit
        case .mixed: random.once(in: 2) ? .credit : .debit
        }
    }

    private var entryDescription: String {
        if let prescribed = options.batchClass.description { return "\(prescribed)" }
        return switch options.entryClass {
        case .ppd: sides == .credits ? "PAYROLL" : "TUITION"
        case .web, .tel: "UTILITY"
        case .dne: "DEATH NTC"
        case .adv: "ADVICE"
        default: "PAYMENT"
        }
    }
}
