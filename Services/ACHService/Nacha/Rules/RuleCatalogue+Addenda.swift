extension RuleCatalogue {
    /// Addenda.
    static let addendaRules: [Rule] = [
        Rule(
            .addendaWithoutEntry,
            "Addenda follow an entry",
            remedy: "Take the record away, or put its entry in front.",
            .error,
            returnCode: 25,
            source: "design 3.1"
        ),
        Rule(
            .addendaType,
            "The addenda type is one that the SEC code allows",
            remedy: "Correct the type, or take the record away.",
            .error,
            returnCode: 25,
            source: "design 3.7, record 7"
        ),
        Rule(
            .addendaTooMany,
            "An entry has no more addenda than its SEC code allows",
            remedy: "Take the surplus away.",
            .error,
            returnCode: 25,
            source: "design 3.7, SEC rules"
        ),
        Rule(
            .addendaSequence,
            "The addenda of an entry are numbered 1, 2, 3 …",
            remedy: "Number them in order.",
            .error,
            returnCode: 25,
            source: "design 3.7, record 7; 3.9"
        ),
        Rule(
            .addendaEntrySequence,
            "Addenda name the last seven digits of their entry's trace number",
            remedy: "Copy positions 88-94 of the entry.",
            .error,
            returnCode: 25,
            source: "design 3.7, record 7"
        ),
        Rule(
            .addendaTrace,
            "The trace number of the addenda is that of its entry",
            remedy: "Copy positions 80-94 of the entry.",
            .error,
            returnCode: 27,
            source: "design 3.7, record 7; 3.9"
        ),
        Rule(
            .addendaTerminal,
            "Terminal, serial number, location, city and state are given",
            remedy: "Write what the terminal recorded.",
            .error,
            returnCode: 25,
            source: "design 3.7, record 7, type 02"
        ),
        Rule(
            .addendaTerminalDate,
            "The terminal date is a real day, MMDD",
            remedy: "Correct the date.",
            .error,
            returnCode: 25,
            source: "design 3.7, record 7, type 02"
        ),
        Rule(
            .addendaInternationalOrder,
            "An IAT entry carries addenda 10 to 16 once each in order, then 17, then 18",
            remedy: "Write the seven mandatory addenda in order.",
            .error,
            returnCode: 25,
            source: "design 3.7, record 7, IAT"
        ),
        Rule(
            .addendaTransactionType,
            "The transaction type code is one that the rules know",
            remedy: "Correct the code, such as BUS or PEN.",
            .error,
            returnCode: 25,
            source: "design 3.7, record 7, type 10"
        ),
        Rule(
            .addendaForeignAmount,
            "The foreign amount is digits",
            remedy: "Write eighteen digits.",
            .error,
            returnCode: 19,
            source: "design 3.7, record 7, type 10"
        ),
        Rule(
            .addendaParty,
            "Names, addresses and bank identifications of an IAT entry are given",
            remedy: "Write them: banks screen every party.",
            .error,
            returnCode: 25,
            source: "design 3.7, record 7, IAT"
        ),
        Rule(
            .addendaAddress,
            "City and state, country and postal code are parted by * and ended by \\",
            remedy: "Write CITY*STATE\\ and COUNTRY*POSTAL CODE\\.",
            .error,
            returnCode: 25,
            source: "design 3.7, record 7, types 12 and 16"
        ),
        Rule(
            .addendaBankQualifier,
            "The bank identification qualifier is 01, 02 or 03",
            remedy: "Write 01 for a national clearing number, 02 for BIC, 03 for IBAN.",
            .error,
            returnCode: 25,
            source: "design 3.7, record 7, types 13, 14 and 18"
        ),
        Rule(
            .addendaCountry,
            "The branch country is two letters of ISO 3166",
            remedy: "Write the code in capitals.",
            .error,
            returnCode: 25,
            source: "design 3.7, record 7, types 13, 14 and 18"
        ),
        Rule(
            .addendaReturnCode,
            "The return reason code is one that the rules know",
            remedy: "Correct the code, in capitals.",
            .error,
            returnCode: 69,
            source: "design 3.13"
        ),
        Rule(
            .addendaChangeCode,
            "The change code is one that the rules know",
            remedy: "Correct the code, in capitals.",
            .error,
            source: "design 3.13"
        ),
        Rule(
            .addendaOriginalTrace,
            "The original trace number is given",
            remedy: "Copy the trace number of the entry that this one answers.",
            .error,
            returnCode: 69,
            source: "design 3.7, record 7; 3.9"
        ),
        Rule(
            .addendaOriginalDFI,
            "The original receiving DFI is given",
            remedy: "Copy positions 4-11 of the entry that this one answers.",
            .error,
            returnCode: 69,
            source: "design 3.7, record 7; 3.9"
        ),
        Rule(
            .addendaDateOfDeath,
            "The date of death is a real date where the reason is R14 or R15",
            remedy: "Write YYMMDD.",
            .warning,
            returnCode: 69,
            source: "design 3.7, record 7, type 99, and end"
        ),
        Rule(
            .addendaCorrectedData,
            "The corrected data is given",
            remedy: "Write what is to be changed.",
            .error,
            source: "design 3.7, record 7, type 98"
        ),
        Rule(
            .addendaCorrectedDataForm,
            "Corrected data of C02 is a routing number, of C05 a transaction code",
            remedy: "Correct it; it cannot be applied as it is.",
            .warning,
            source: "design 3.7, end"
        ),
        Rule(
            .addendaReturnTrace,
            "Dishonored and contested returns tell of the return before: trace number, date, reason",
            remedy: "Copy trace number, settlement day and reason from what this one answers.",
            .error,
            returnCode: 69,
            source: "design 3.7, record 7, dishonored and contested"
        ),
    ]
}
