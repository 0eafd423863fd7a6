extension RuleCatalogue {
    /// Batches.
    static let batchRules: [Rule] = [
        Rule(
            .batchHeaderMissing,
            "A batch begins with a batch header (5)",
            remedy: "Put the batch header in front.",
            .error,
            source: "design 3.1"
        ),
        Rule(
            .batchControlMissing,
            "A batch ends with a batch control (8)",
            remedy: "Write the batch control.",
            .error,
            source: "design 3.1"
        ),
        Rule(
            .batchControlUnexpected,
            "A batch control closes an open batch",
            remedy: "Take the record away, or put its batch header in front.",
            .error,
            source: "design 3.1"
        ),
        Rule(
            .batchWithoutEntries,
            "A batch holds at least one entry",
            remedy: "Take the batch away.",
            .error,
            source: "design 3.7, order"
        ),
        Rule(
            .batchTooLarge,
            "A batch holds at most 999,999 entries and addenda",
            remedy: "Split the batch: its count has six digits.",
            .error,
            source: "design 3.8"
        ),
        Rule(
            .batchMixesReturns,
            "Forward and return entries stand in different batches",
            remedy: "Put the returns in a batch of their own.",
            .error,
            source: "design 3.7, SEC rules"
        ),
        Rule(
            .batchServiceClass,
            "The service class is 200, 220, 225 or 280",
            remedy: "Correct the code.",
            .error,
            source: "design 3.7, record 5"
        ),
        Rule(
            .batchClassForAdvices,
            "Service class 280 belongs to ADV batches, and they to it",
            remedy: "Write 280 for ADV, another class for all else.",
            .error,
            source: "design 3.7, record 5"
        ),
        Rule(
            .batchClassForEntries,
            "The service class allows the entries of the batch",
            remedy: "Write 220 for credits, 225 for debits, 200 for both.",
            .error,
            source: "design 3.1; Nacha Operating Rules, Appendix Two"
        ),
        Rule(
            .batchCompanyName,
            "The company name says who originates",
            remedy: "Write the name that receivers know.",
            .error,
            source: "design 3.7, record 5"
        ),
        Rule(
            .batchCompanyID,
            "The company identification is given",
            remedy: "Write the identification agreed with the bank.",
            .error,
            returnCode: 21,
            source: "design 3.7, record 5"
        ),
        Rule(
            .batchEntryClass,
            "The standard entry class code is one that the rules know",
            remedy: "Write one of the 23 codes in capitals.",
            .error,
            source: "design 3.7, record 5"
        ),
        Rule(
            .batchDescription,
            "The company entry description is given",
            remedy: "Say what the entries are for, such as TUITION.",
            .error,
            source: "design 3.7, record 5"
        ),
        Rule(
            .batchDescriptionForClass,
            "ENR batches say AUTOENROLL, RCK batches REDEPCHECK",
            remedy: "Write that description.",
            .error,
            source: "design 3.7, SEC rules"
        ),
        Rule(
            .batchReservedWord,
            "Reserved words of the entry description are in capitals",
            remedy: "Write the word in capitals.",
            .error,
            source: "design 3.7, general"
        ),
        Rule(
            .batchEffectiveDate,
            "The effective entry date is a real date, YYMMDD",
            remedy: "Correct the date.",
            .error,
            returnCode: 18,
            source: "design 3.7, record 5"
        ),
        Rule(
            .batchEffectiveDateBlank,
            "The effective entry date is given",
            remedy:
                "Write the date on which the entries are to settle; the operator will "
                + "insert the next banking day.",
            .warning,
            returnCode: 18,
            source: "design 3.5; 3.7, end"
        ),
        Rule(
            .batchSettlementDate,
            "The settlement date is blank or a day of the year, 001 to 366",
            remedy: "Leave it blank: the operator writes it.",
            .error,
            source: "design 3.7, record 5"
        ),
        Rule(
            .batchOriginatorStatus,
            "The originator status code is 1 or 2, 0 in ADV batches",
            remedy: "Write 1; 2 is for the federal government.",
            .error,
            source: "design 3.7, record 5 and end"
        ),
        Rule(
            .batchStatusForDeathNotices,
            "DNE batches have originator status 2",
            remedy: "Write 2: only federal agencies send death notifications.",
            .error,
            source: "design 3.7, SEC rules"
        ),
        Rule(
            .batchODFI,
            "The originating DFI is eight digits of a routing number",
            remedy: "Write the first eight digits of your bank's routing number.",
            .error,
            source: "design 3.7, record 5"
        ),
        Rule(
            .batchODFIForEntries,
            "The originating DFI is that of the trace numbers of its entries",
            remedy: "Correct the ODFI, or give the entries trace numbers that begin with it.",
            .error,
            returnCode: 27,
            source: "design 3.1; 3.7"
        ),
        Rule(
            .batchNumber,
            "The batch number is seven digits",
            remedy: "Write a number.",
            .error,
            source: "design 3.7, record 5"
        ),
        Rule(
            .batchNumberOrder,
            "Batch numbers ascend within the file",
            remedy: "Number the batches from 1 upwards.",
            .error,
            source: "design 3.7, record 5"
        ),
        Rule(
            .batchInternationalIndicator,
            "The first field of an IAT header is blank or IATCOR",
            remedy: "Write blanks, or IATCOR in a notification of change.",
            .error,
            source: "design 3.7, record 5, IAT form"
        ),
        Rule(
            .batchForeignExchange,
            "The foreign exchange indicator is FV, VF or FF",
            remedy: "Write FF where no currency is changed.",
            .error,
            source: "design 3.7, record 5, IAT form"
        ),
        Rule(
            .batchForeignExchangeReference,
            "The foreign exchange reference indicator is 1, 2 or 3",
            remedy: "Write 3 where no reference is given.",
            .error,
            source: "design 3.7, record 5, IAT form"
        ),
        Rule(
            .batchDestinationCountry,
            "The destination country is two letters of ISO 3166",
            remedy: "Write the code in capitals.",
            .error,
            source: "design 3.7, record 5, IAT form"
        ),
        Rule(
            .batchCurrency,
            "Currencies are three letters of ISO 4217",
            remedy: "Write the code in capitals, such as USD.",
            .error,
            source: "design 3.7, record 5, IAT form"
        ),
        Rule(
            .batchControlClass,
            "The service class of the batch control is that of its header",
            remedy: "Make both the same.",
            .error,
            source: "design 3.7, record 8"
        ),
        Rule(
            .batchControlEntryCount,
            "The entry and addenda count is the number of 6- and 7-records",
            remedy: "Correct the count, or look for records that were lost.",
            .error,
            source: "design 3.7, record 8"
        ),
        Rule(
            .batchControlHash,
            "The entry hash is the sum of positions 4-11 of the entries, its last ten digits",
            remedy: "Correct the hash, or look for the entry whose bank was changed.",
            .error,
            source: "design 3.2"
        ),
        Rule(
            .batchControlDebits,
            "The total of debits is the sum of the debit entries",
            remedy: "Correct the total, or look for the entry whose amount was changed.",
            .error,
            source: "design 3.7, record 8"
        ),
        Rule(
            .batchControlCredits,
            "The total of credits is the sum of the credit entries",
            remedy: "Correct the total, or look for the entry whose amount was changed.",
            .error,
            source: "design 3.7, record 8"
        ),
        Rule(
            .batchControlCompanyID,
            "The company identification of the batch control is that of its header",
            remedy: "Make both the same.",
            .error,
            source: "design 3.7, record 8"
        ),
        Rule(
            .batchControlODFI,
            "The originating DFI of the batch control is that of its header",
            remedy: "Make both the same.",
            .error,
            source: "design 3.7, record 8"
        ),
        Rule(
            .batchControlNumber,
            "The batch number of the batch control is that of its header",
            remedy: "Make both the same.",
            .error,
            source: "design 3.7, record 8"
        ),
    ]
}
