package import Protocol

/// Where in an imported file something stands.
package enum ImportPlace: Equatable {
    /// Both from 1; columns are counted in characters.
    case text(line: Int, column: Int)
    /// A JSON pointer.
    case pointer(String)

    package var description: String {
        switch self {
        case .text(let line, let column): "line \(line), column \(column)"
        case .pointer(let pointer): pointer
        }
    }
}

/// One thing wrong with an imported file.
package struct ImportFault: Error, Equatable {
    package var place: ImportPlace
    package var code: String
    package var message: String

    package init(_ place: ImportPlace, _ code: String, _ message: String) {
        self.place = place
        self.code = code
        self.message = message
    }

    /// How many faults are told at once.
    package static let maximumTold = 100

    /// One error for all faults of a file, in the order in which they stand in it.
    package static func error(_ faults: [ImportFault]) -> RPCError {
        var details = faults.prefix(maximumTold).map {
            RPCError.Detail(field: $0.place.description, code: $0.code, message: $0.message)
        }
        if faults.count > maximumTold {
            let more = faults.count - maximumTold
            details.append(.init(field: "", code: "more", message: "\(more) more faults."))
        }
        return .invalid(details)
    }
}

/// A column of an import.
package struct ImportColumn {
    package var name: String
    /// The file must have it; one that it has not counts as empty in every row.
    package var isRequired: Bool
    /// JSON may give it as a number with a fraction.
    package var isDecimal: Bool

    package init(name: String, isRequired: Bool, isDecimal: Bool = false) {
        self.name = name
        self.isRequired = isRequired
        self.isDecimal = isDecimal
    }
}

/// A file as rows of texts in the order of the columns asked for.
package struct ImportTable {
    package struct Value {
        package var text: String
        package var place: ImportPlace
    }

    package struct Row {
        package var place: ImportPlace
        /// One for each column; empty texts for those that the file does not have.
        package var values: [Value]
    }

    package var rows: [Row] = []
    package var faults: [ImportFault] = []

    package init(
        _ bytes: UnsafeRawBufferPointer,
        format: ImportFormat,
        columns: [ImportColumn]
    ) {
        switch format {
        case .csv: readCSV(bytes, columns)
        case .json: readJSON(bytes, columns)
        }
    }

    private mutating func readCSV(
        _ bytes: UnsafeRawBufferPointer,
        _ columns: [ImportColumn]
    ) {
        var (records, faults) = CSVReader.read(bytes)
        self.faults = faults
        guard !records.isEmpty else {
            if faults.isEmpty {
                self.faults = [
                    ImportFault(.text(line: 1, column: 1), "empty", "The file has no header line.")
                ]
            }
            return
        }
        let header = records.removeFirst()
        let places = readHeader(header, columns)
        for record in records {
            guard record.fields.count == header.fields.count else {
                let place = ImportPlace.text(line: record.line, column: 1)
                let message =
                    "The line has \(record.fields.count) fields, the header \(header.fields.count)."
                self.faults.append(ImportFault(place, "field_count", message))
                continue
            }
            let start = ImportPlace.text(line: record.line, column: 1)
            let values = places.map { place in
                place.map { Value(text: record.fields[$0].text, place: record.fields[$0].place) }
                    ?? Value(text: "", place: start)
            }
            rows.append(Row(place: start, values: values))
        }
    }

    /// For each column its place in the header, or nil.
    private mutating func readHeader(
        _ header: CSVReader.Record,
        _ columns: [ImportColumn]
    ) -> [Int?] {
        let known = Set(columns.map(\.name))
        var seen: Set<String> = []
        for field in header.fields {
            if !known.contains(field.text) {
                let names = columns.map(\.name).joined(separator: ", ")
                faults.append(
                    ImportFault(field.place, "unknown_column", "Columns are \(names).")
                )
            } else if !seen.insert(field.text).inserted {
                faults.append(
                    ImportFault(field.place, "repeated_column", "The column is repeated.")
                )
            }
        }
        for column in columns where column.isRequired && !seen.contains(column.name) {
            let place = ImportPlace.text(line: header.line, column: 1)
            faults.append(
                ImportFault(place, "missing_column", "The column \(column.name) is missing.")
            )
        }
        return columns.map { column in header.fields.firstIndex { $0.text == column.name } }
    }
}
