extension RuleCatalogue {
    /// Lines and characters.
    static let lineRules: [Rule] = [
        Rule(
            .lineShort,
            "A line has 94 characters",
            remedy: "Pad the record with blanks to 94 characters, or write the missing characters.",
            .strictOnly,
            returnCode: 17,
            source: "design 3.1"
        ),
        Rule(
            .lineLong,
            "A line has no more than 94 characters",
            remedy: "Take away what stands behind position 94.",
            .error,
            returnCode: 17,
            source: "design 3.1"
        ),
        Rule(
            .lineBlankTail,
            "No blanks stand behind the 94 characters of a line",
            remedy: "Take away the blanks behind position 94.",
            .strictOnly,
            returnCode: 17,
            source: "design 3.7, lenient"
        ),
        Rule(
            .lineBlank,
            "No line is blank",
            remedy: "Take the blank line away.",
            .strictOnly,
            returnCode: 17,
            source: "design 3.7, lenient"
        ),
        Rule(
            .lineByteOrderMark,
            "The file begins with its first record, not with a byte-order mark",
            remedy: "Write the file as ASCII, without a byte-order mark.",
            .strictOnly,
            returnCode: 17,
            source: "design 3.7, lenient"
        ),
        Rule(
            .fileLength,
            "A file without line ends has a multiple of 94 characters",
            remedy: "Look for characters lost or added; the last record is incomplete.",
            .error,
            returnCode: 17,
            source: "design 3.7, end"
        ),
        Rule(
            .recordCharacter,
            "Only printable ASCII characters, 0x20 to 0x7E",
            remedy: "Replace the character; letters with accents have no place in a Nacha file.",
            .error,
            returnCode: 17,
            source: "design 3.7, general"
        ),
        Rule(
            .recordType,
            "A record begins with 1, 5, 6, 7, 8 or 9",
            remedy: "Correct position 1.",
            .error,
            returnCode: 17,
            source: "design 3.1; Nacha Operating Rules, Appendix Two"
        ),
        Rule(
            .recordReserved,
            "Reserved positions are blank",
            remedy: "Write blanks there.",
            .error,
            returnCode: 17,
            source: "design 3.7"
        ),
    ]
}
