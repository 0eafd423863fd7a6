/// Comma-separated values with a header line (RFC 4180): quotes, doubled quotes, line ends within
/// quotes, CRLF or LF, with or without a byte order mark.
package struct CSV: Sendable, Hashable {
    /// One record and the line on which it begins, counted from 1.
    package struct Record: Sendable, Hashable {
        package let line: Int
        package let fields: [String]
    }

    /// What is wrong and where.
    package struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        package let line: Int
        package let message: String
        package var description: String { "line \(line): \(message)" }
    }

    package let columns: [String]
    package let records: [Record]

    package init(_ bytes: [UInt8]) throws(Fault) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Fault(line: 1, message: "the file is not UTF-8; save it as UTF-8")
        }
        var reader = Reader(text.unicodeScalars.first == "\u{FEFF}" ? text.dropFirst() : text[...])
        var records: [Record] = []
        while let record = try reader.record() {
            if record.fields != [""] { records.append(record) }
        }
        guard let header = records.first else {
            throw Fault(line: 1, message: "the file is empty; its first line names the columns")
        }
        columns = header.fields.map { $0.filter { $0 != " " }.lowercased() }
        for record in records where record.fields.count != columns.count {
            throw Fault(
                line: record.line,
                message: "\(record.fields.count) fields, but the header names \(columns.count)"
            )
        }
        self.records = Array(records.dropFirst())
    }

    /// The field of a column, or nil where the file has no such column.
    package func field(_ column: String, of record: Record) -> String? {
        columns.firstIndex(of: column).map { record.fields[$0] }
    }
}

extension CSV {
    private struct Reader {
        private var rest: Substring.UnicodeScalarView
        private var line = 1

        init(_ text: Substring) { rest = text.unicodeScalars }

        mutating func record() throws(Fault) -> Record? {
            guard !rest.isEmpty else { return nil }
            let start = line
            var fields: [String] = []
            while true {
                fields.append(try rest.first == "\"" ? quoted() : plain())
                guard rest.first == "," else { break }
                rest.removeFirst()
            }
            endLine()
            return Record(line: start, fields: fields)
        }

        private mutating func endLine() {
            if rest.first == "\r" { rest.removeFirst() }
            if rest.first == "\n" { rest.removeFirst() }
            line += 1
        }

        private mutating func plain() throws(Fault) -> String {
            let end = rest.firstIndex { $0 == "," || $0 == "\n" || $0 == "\r" } ?? rest.endIndex
            let field = String(rest[..<end])
            guard !field.contains("\"") else {
                throw Fault(line: line, message: "a quote in a field that does not begin with one")
            }
            rest = rest[end...]
            return field
        }

        private mutating func quoted() throws(Fault) -> String {
            let start = line
            rest.removeFirst()
            var field = String.UnicodeScalarView()
            while let scalar = rest.popFirst() {
                if scalar != "\"" {
                    if scalar == "\n" { line += 1 }
                    field.append(scalar)
                } else if rest.first == "\"" {
                    field.append(scalar)
                    rest.removeFirst()
                } else {
                    guard let next = rest.first else { return String(field) }
                    guard [",", "\r", "\n"].contains(next) else {
                        throw Fault(line: line, message: "text behind a closing quote")
                    }
                    return String(field)
                }
            }
            throw Fault(line: start, message: "a quote is not closed")
        }
    }
}
