extension RuleCatalogue {
    /// Entries.
    static let entryRules: [Rule] = [
        Rule(
            .entryTransactionCode,
            "The transaction code is one that the rules know",
            remedy:
                "Correct the code: 22, 27, 32 and 37 move money to and from checking and "
                + "savings.",
            .error,
            returnCode: 17,
            source: "design 3.3; 3.7"
        ),
        Rule(
            .entryCodeForServiceClass,
            "The transaction code is one that the service class allows",
            remedy: "Correct the code, or move the entry to a batch of its class.",
            .error,
            source: "design 3.1"
        ),
        Rule(
            .entryCodeForEntryClass,
            "The transaction code is one that the SEC code allows",
            remedy: "Correct the code, or move the entry to a batch of another SEC code.",
            .error,
            returnCode: 17,
            source: "design 3.3; 3.7, SEC rules"
        ),
        Rule(
            .entryReceivingDFI,
            "The receiving DFI is eight digits, not zeros",
            remedy: "Write the first eight digits of the receiver's routing number.",
            .error,
            returnCode: 13,
            source: "design 3.7, record 6; 3.9"
        ),
        Rule(
            .entryCheckDigit,
            "The check digit is that of the receiving DFI",
            remedy: "Correct the routing number or its ninth digit.",
            .error,
            returnCode: 28,
            source: "design 3.2"
        ),
        Rule(
            .entryAccount,
            "The account number is given, not zeros",
            remedy: "Write the receiver's account number.",
            .error,
            returnCode: 4,
            source: "design 3.7, record 6; 3.9"
        ),
        Rule(
            .entryAmount,
            "The amount is digits, in cents",
            remedy: "Write cents, filled with zeros to the left.",
            .error,
            returnCode: 19,
            source: "design 3.7, record 6"
        ),
        Rule(
            .entryAmountZero,
            "A live entry moves an amount above zero",
            remedy: "Write the amount, or use a prenote code.",
            .error,
            returnCode: 19,
            source: "design 3.3"
        ),
        Rule(
            .entryAmountNotZero,
            "Prenotes, zero-dollar entries and notices have amount zero",
            remedy: "Write zeros, or use a live code.",
            .error,
            returnCode: 19,
            source: "design 3.3; 3.7, SEC rules"
        ),
        Rule(
            .entryAmountCeiling,
            "The amount is within the limit of the SEC code",
            remedy: "Collect larger checks in another way.",
            .error,
            returnCode: 19,
            source: "design 3.7, SEC rules"
        ),
        Rule(
            .entryAmountSameDay,
            "A same-day entry is within the same-day limit",
            remedy: "Leave it: it settles on the next banking day. Or split it.",
            .warning,
            source: "design 3.5; 3.8"
        ),
        Rule(
            .entryCheckSerial,
            "The check serial number is given",
            remedy: "Write the number of the check.",
            .error,
            returnCode: 39,
            source: "design 3.7, record 6; 3.9"
        ),
        Rule(
            .entryTerminalPlace,
            "City and state of the terminal are given",
            remedy: "Write four letters of the city and two of the state.",
            .error,
            returnCode: 26,
            source: "design 3.7, record 6, POP"
        ),
        Rule(
            .entryIdentification,
            "The identification number of CIE and MTE entries, and the document reference of SHR, is given",
            remedy: "Write the number that the payee knows the receiver by.",
            .error,
            returnCode: 26,
            source: "design 3.7, record 6"
        ),
        Rule(
            .entryCardExpiry,
            "The card's expiry is a real month, MMYY",
            remedy: "Correct the month.",
            .error,
            returnCode: 26,
            source: "design 3.7, record 6, SHR"
        ),
        Rule(
            .entryCardType,
            "The card transaction type is 01, 02, 03, 11, 12, 13, 21 or 99",
            remedy: "Correct the code.",
            .error,
            returnCode: 26,
            source: "design 3.7, record 6, POS and SHR"
        ),
        Rule(
            .entryName,
            "The receiver's name is given",
            remedy: "Write the name.",
            .error,
            returnCode: 26,
            source: "design 3.7, record 6; 3.4"
        ),
        Rule(
            .entryNameWanted,
            "The receiving company's name is given",
            remedy: "Write the name; the receiver may return the entry without it.",
            .warning,
            returnCode: 26,
            source: "design 3.7, end"
        ),
        Rule(
            .entryPaymentType,
            "The payment type of a TEL entry is R or S",
            remedy: "Write R for recurring, S for a single payment.",
            .error,
            returnCode: 26,
            source: "design 3.2; 3.7"
        ),
        Rule(
            .entryPaymentTypeWanted,
            "The payment type of a WEB entry is R or S",
            remedy: "Write R for recurring, S for a single payment.",
            .warning,
            returnCode: 26,
            source: "design 3.7, end"
        ),
        Rule(
            .entryScreening,
            "The OFAC screening indicators are blank, 0 or 1",
            remedy: "Write 0, 1 or a blank.",
            .error,
            returnCode: 26,
            source: "design 3.7, record 6, IAT"
        ),
        Rule(
            .entryAddendaIndicator,
            "The addenda indicator is 0 or 1, and 1 where addenda follow",
            remedy: "Write 1 where addenda follow, 0 where none do.",
            .error,
            returnCode: 25,
            source: "design 3.7, record 6; 3.9"
        ),
        Rule(
            .entryAddendaRequired,
            "The entry carries the addenda that its SEC code or transaction code requires",
            remedy: "Add the addenda record and write 1 at position 79.",
            .error,
            returnCode: 25,
            source: "design 3.7, SEC rules"
        ),
        Rule(
            .entryAddendaForbidden,
            "The entry carries no addenda where none may be",
            remedy: "Take the addenda away and write 0 at position 79.",
            .error,
            returnCode: 25,
            source: "design 3.7, SEC rules"
        ),
        Rule(
            .entryAddendaCount,
            "The number of addenda is that of the records that follow",
            remedy: "Correct the number, or look for addenda that were lost.",
            .error,
            returnCode: 25,
            source: "design 3.7, record 6"
        ),
        Rule(
            .entryTrace,
            "The trace number is fifteen digits",
            remedy: "Write the ODFI and seven digits.",
            .error,
            returnCode: 27,
            source: "design 3.7, record 6"
        ),
        Rule(
            .entryTraceODFI,
            "The trace number begins with the originating DFI of the batch",
            remedy: "Give the entry a trace number of its batch.",
            .error,
            returnCode: 27,
            source: "design 3.1"
        ),
        Rule(
            .entryTraceOrder,
            "Trace numbers ascend within the batch",
            remedy: "Sort the entries by trace number.",
            .error,
            returnCode: 27,
            source: "design 3.1; Nacha Operating Rules, Appendix Two"
        ),
        Rule(
            .entryTraceRepeated,
            "No trace number stands in two batches",
            remedy: "Give one of them another trace number: returns could not be told apart.",
            .warning,
            returnCode: 27,
            source: "design 3.7, end"
        ),
        Rule(
            .entryAdviceFields,
            "The routing numbers and the day of an ADV entry are digits",
            remedy: "Write digits.",
            .error,
            source: "design 3.7, record 6, ADV"
        ),
    ]
}
