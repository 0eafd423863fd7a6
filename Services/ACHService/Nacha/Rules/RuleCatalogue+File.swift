extension RuleCatalogue {
    /// The file as a whole.
    static let fileRules: [Rule] = [
        Rule(
            .fileEmpty,
            "A file holds records",
            remedy: "The file is empty: was it cut short?",
            .error,
            source: "design 3.1"
        ),
        Rule(
            .fileHeaderMissing,
            "A file begins with a file header (1)",
            remedy: "Put the file header in front.",
            .strictOnly,
            source: "design 3.1"
        ),
        Rule(
            .fileHeaderRepeated,
            "A file has one file header",
            remedy: "Two files were joined: send them apart.",
            .error,
            source: "design 3.1"
        ),
        Rule(
            .fileControlMissing,
            "A file ends with a file control (9)",
            remedy: "Write the file control: was the file cut short?",
            .strictOnly,
            source: "design 3.1"
        ),
        Rule(
            .fileWithoutBatches,
            "A file holds at least one batch",
            remedy: "Send no file where there is nothing to send.",
            .error,
            source: "design 3.1; 3.9"
        ),
        Rule(
            .fileRecordAfterControl,
            "Nothing but filler follows the file control",
            remedy: "Take away what follows, or send it as a file of its own.",
            .error,
            source: "design 3.1"
        ),
        Rule(
            .fileBlocking,
            "Filler of nines completes the last block of ten records",
            remedy: "Add records of 94 nines until the number of records is a multiple of ten.",
            .strictOnly,
            source: "design 3.1; Nacha Operating Rules, blocking factor"
        ),
        Rule(
            .fileFillerSurplus,
            "Filler completes the last block and adds none",
            remedy: "Take away the filler behind the last block.",
            .error,
            source: "design 3.1"
        ),
        Rule(
            .fileFillerContent,
            "Filler records hold nines alone",
            remedy: "Write 94 nines.",
            .error,
            source: "design 3.1; 3.9"
        ),
        Rule(
            .fileFillerMisplaced,
            "Filler stands behind the file control",
            remedy: "Take the nines away, or put them behind the file control.",
            .error,
            source: "design 3.1"
        ),
        Rule(
            .fileTooLarge,
            "A file holds at most 9,999,990 records",
            remedy: "Split it: the block count has six digits.",
            .error,
            source: "design 3.8"
        ),
        Rule(
            .fileHeaderPriorityCode,
            "The priority code is 01",
            remedy: "Write 01.",
            .error,
            source: "design 3.7, record 1"
        ),
        Rule(
            .fileHeaderDestination,
            "The immediate destination is a blank and nine digits",
            remedy: "Write a blank and the routing number of the bank that takes the file.",
            .error,
            source: "design 3.7, record 1; contract S3-17"
        ),
        Rule(
            .fileHeaderDestinationCheckDigit,
            "The check digit of the immediate destination is right",
            remedy: "Correct the routing number.",
            .error,
            source: "design 3.2; 3.7"
        ),
        Rule(
            .fileHeaderOrigin,
            "The immediate origin says who sends",
            remedy:
                "Write a blank and a routing number, or the ten characters agreed with the "
                + "bank.",
            .error,
            source: "design 3.7, record 1"
        ),
        Rule(
            .fileHeaderCreationDate,
            "The creation date is a real date, YYMMDD",
            remedy: "Correct the date.",
            .error,
            source: "design 3.7, record 1"
        ),
        Rule(
            .fileHeaderCreationTime,
            "The creation time is blank or a real time, HHMM",
            remedy: "Write 0000 to 2359, or blanks.",
            .error,
            source: "design 3.7, record 1"
        ),
        Rule(
            .fileHeaderModifier,
            "The file ID modifier is A to Z or 0 to 9",
            remedy: "Write an upper-case letter or a digit.",
            .error,
            source: "design 3.7, record 1"
        ),
        Rule(
            .fileHeaderRecordSize,
            "The record size is 094",
            remedy: "Write 094.",
            .error,
            source: "design 3.7, record 1"
        ),
        Rule(
            .fileHeaderBlockingFactor,
            "The blocking factor is 10",
            remedy: "Write 10.",
            .error,
            source: "design 3.7, record 1"
        ),
        Rule(
            .fileHeaderFormatCode,
            "The format code is 1",
            remedy: "Write 1.",
            .error,
            source: "design 3.7, record 1"
        ),
        Rule(
            .fileControlBatchCount,
            "The batch count is the number of batches",
            remedy: "Correct the count, or look for a batch that was lost.",
            .error,
            source: "design 3.7, record 9"
        ),
        Rule(
            .fileControlBlockCount,
            "The block count is the number of records by ten, rounded up",
            remedy: "Correct the count.",
            .strictOnly,
            source: "design 3.7, record 9"
        ),
        Rule(
            .fileControlEntryCount,
            "The entry and addenda count is that of the batches",
            remedy: "Correct the count, or look for records that were lost.",
            .error,
            source: "design 3.7, record 9"
        ),
        Rule(
            .fileControlHash,
            "The entry hash is the sum of the batches' hashes, its last ten digits",
            remedy: "Correct the hash; if no batch is at fault, a batch was changed or lost.",
            .error,
            source: "design 3.2"
        ),
        Rule(
            .fileControlDebits,
            "The total of debits is that of the batches",
            remedy: "Correct the total.",
            .error,
            source: "design 3.7, record 9"
        ),
        Rule(
            .fileControlCredits,
            "The total of credits is that of the batches",
            remedy: "Correct the total.",
            .error,
            source: "design 3.7, record 9"
        ),
        Rule(
            .fileMixesAdvices,
            "ADV batches stand in files of their own",
            remedy: "Send ADV batches in a file of their own: its control has other fields.",
            .error,
            source: "design 3.7, record 9"
        ),
    ]
}
