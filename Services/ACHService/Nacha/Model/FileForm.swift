/// What stands between the records of a file: everything that its bytes say beyond its records.
///
/// With it a file that was read is written again to the byte; `FileForm()` is the form of files that
/// Bursar makes: line feeds, and filler to ten.
package struct FileForm: Sendable, Hashable {
    package enum LineEnd: String, Sendable, Hashable, CaseIterable {
        case lineFeed = "\n"
        case carriageReturnLineFeed = "\r\n"
        case carriageReturn = "\r"
        /// The records stand one behind the other.
        case none = ""

        package var bytes: [UInt8] { Array(rawValue.utf8) }
    }

    /// A line that is not its record and the usual line end: too short, too long, or blank.
    package struct OddLine: Sendable, Hashable {
        /// Its number in the file, from 1.
        package var line: Int
        /// All its bytes, line end included.
        package var bytes: [UInt8]
        /// Whether a record was read from it; blank lines hold none.
        package var holdsRecord: Bool

        package init(line: Int, bytes: [UInt8], holdsRecord: Bool) {
            self.line = line
            self.bytes = bytes
            self.holdsRecord = holdsRecord
        }
    }

    package var lineEnd: LineEnd
    /// Whether a line end stands behind the last line too.
    package var endsWithLineEnd: Bool
    package var hasByteOrderMark: Bool
    /// The number of filler records; nil for as many as complete the last block.
    package var fillerCount: Int?
    /// In order of their lines.
    package var oddLines: [OddLine]

    package init(
        lineEnd: LineEnd = .lineFeed,
        endsWithLineEnd: Bool = true,
        hasByteOrderMark: Bool = false,
        fillerCount: Int? = nil,
        oddLines: [OddLine] = []
    ) {
        self.lineEnd = lineEnd
        self.endsWithLineEnd = endsWithLineEnd
        self.hasByteOrderMark = hasByteOrderMark
        self.fillerCount = fillerCount
        self.oddLines = oddLines
    }
}
