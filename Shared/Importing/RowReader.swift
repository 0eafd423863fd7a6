import Identity
package import Dates
package import Money
package import Protocol

/// Reads the columns of one row by name and notes every fault with its place.
///
/// A method gives nil where the text is empty or faulty; an empty one of a required column is a
/// fault too.
package struct RowReader {
    package private(set) var faults: [ImportFault] = []
    /// Where the row begins.
    package let place: ImportPlace
    private let values: [String: ImportTable.Value]

    package init(_ row: ImportTable.Row, columns: [ImportColumn]) {
        place = row.place
        values = Dictionary(
            zip(columns.map(\.name), row.values),
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Notes a fault at a column.
    package mutating func fail(_ column: String, _ code: String, _ message: String) {
        faults.append(ImportFault(values[column]?.place ?? place, code, message))
    }

    /// Text of at most 200 characters without control characters.
    package mutating func text(_ column: String, required: Bool = false) -> String? {
        let text = values[column]?.text ?? ""
        guard !text.isEmpty else {
            if required { fail(column, "missing", "\(column) is required.") }
            return nil
        }
        guard text.count <= 200 else {
            fail(column, "too_long", "\(column) has at most 200 characters.")
            return nil
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            fail(column, "malformed", "\(column) must not hold control characters.")
            return nil
        }
        return text
    }

    package mutating func integer(
        _ column: String,
        required: Bool = false,
        in range: ClosedRange<Int64> = 1...Int64.max
    ) -> Int64? {
        guard let text = text(column, required: required) else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            fail(
                column,
                "out_of_range",
                range.upperBound == .max
                    ? "\(column) is a whole number from \(range.lowerBound) on."
                    : "\(column) is a whole number from \(range.lowerBound) to "
                        + "\(range.upperBound)."
            )
            return nil
        }
        return number
    }

    /// A decimal of at most two places.
    package mutating func amount(_ column: String, required: Bool = false) -> Amount? {
        guard let text = text(column, required: required) else { return nil }
        do throws(AmountFault) {
            return try Amount(text)
        } catch {
            fail(column, "malformed", "\(column) is an amount, for example 12.50.")
            return nil
        }
    }

    /// A date as `YYYY-MM-DD`.
    package mutating func day(_ column: String, required: Bool = false) -> CalendarDay? {
        guard let text = text(column, required: required) else { return nil }
        guard let day = CalendarDay(text: text) else {
            fail(column, "malformed", "\(column) is a date, YYYY-MM-DD.")
            return nil
        }
        return day
    }

    /// `true`, `false`, `yes`, `no`, `1`, `0`, in either case.
    package mutating func truth(_ column: String, absent: Bool) -> Bool? {
        guard let text = text(column) else {
            return values[column]?.text.isEmpty ?? true ? absent : nil
        }
        switch text.lowercased() {
        case "true", "yes", "1": return true
        case "false", "no", "0": return false
        default:
            fail(column, "unknown_word", "\(column) is true or false.")
            return nil
        }
    }

    /// One of the words of an enumeration, in any case.
    package mutating func word<Word: RawRepresentable & CaseIterable>(
        _ column: String,
        required: Bool = false,
        as type: Word.Type = Word.self
    ) -> Word? where Word.RawValue == String {
        guard let text = text(column, required: required) else { return nil }
        let found = Word.allCases.first { $0.rawValue.lowercased() == text.lowercased() }
        guard let found else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            fail(column, "unknown_word", "\(column) is one of \(words).")
            return nil
        }
        return found
    }
}

extension ImportTable {
    /// The records of a file, each made from one row, and every fault of it.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - format: CSV or JSON.
    ///   - columns: the columns that it may have.
    ///   - key: the column whose values must differ; nil where none must.
    ///   - make: makes a record of a row; nil only after it has noted a fault.
    /// - Returns: the records with the places of their rows, and every fault of the file.
    package static func records<Record>(
        _ bytes: [UInt8],
        format: ImportFormat,
        columns: [ImportColumn],
        key: (column: String, of: (Record) -> String)?,
        _ make: (inout RowReader) -> Record?
    ) -> (records: [(record: Record, place: ImportPlace)], faults: [ImportFault]) {
        let table = bytes.withUnsafeBytes {
            ImportTable($0, format: format, columns: columns)
        }
        var faults = table.faults
        // A member that a JSON row lacks, or that is no text, is told by the table already.
        let told = Set(faults.map(\.place.description))
        var seen: Set<ByteText> = []
        var records: [(record: Record, place: ImportPlace)] = []
        for row in table.rows {
            var reader = RowReader(row, columns: columns)
            let record = make(&reader)
            if let record, let key, !seen.insert(key.of(record)) {
                reader.fail(key.column, "repeated", "\(key.column) stands twice in the file.")
            }
            faults += reader.faults.filter {
                $0.code != "missing" || !told.contains($0.place.description)
            }
            if let record { records.append((record, row.place)) }
        }
        return (records, faults)
    }
}
