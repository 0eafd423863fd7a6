/// Reads CSV as RFC 4180 has it, strictly, with the place of every field and of every fault.
///
/// Lines end with CR LF or LF; a field in quotes may hold both, and commas. What is not in the
/// grammar is a fault and never guessed at: a quote inside an unquoted field, text behind a closing
/// quote, a quote that is not closed, a bare CR, control characters, bytes that are not UTF-8. After a
/// fault reading goes on at the next line, so that one pass finds them all. SwiftCSV 0.10.0 was not
/// taken: it gives no places, stops at the first fault, drops blanks before a field and accepts rows
/// of any length and quotes left open.
struct CSVReader {
    struct Field: Equatable {
        var text: String
        var place: ImportPlace
    }

    struct Record: Equatable {
        var line: Int
        var fields: [Field]
    }

    private(set) var records: [Record] = []
    private(set) var faults: [ImportFault] = []
    private var bytes: UnsafeRawBufferPointer
    private var offset = 0
    private var line = 1
    /// In characters, from 1.
    private var column = 1

    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Every record of a file.
    ///
    /// A byte order mark at its very start is passed over.
    static func read(
        _ bytes: UnsafeRawBufferPointer
    ) -> (records: [Record], faults: [ImportFault]) {
        var reader = CSVReader(bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.offset = 3 }
        while reader.offset < bytes.count { reader.readRecord() }
        return (reader.records, reader.faults)
    }

    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private var place: ImportPlace { .text(line: line, column: column) }

    private mutating func step() {
        let byte = bytes[offset]
        offset += 1
        if byte == Self.newline {
            line += 1
            column = 1
        } else if byte & 0xC0 != 0x80 {
            column += 1
        }
    }

    private mutating func readRecord() {
        var record = Record(line: line, fields: [])
        while true {
            guard let field = readField() else {
                skipLine()
                return
            }
            record.fields.append(field)
            guard next == Self.comma else { break }
            step()
        }
        if isAtLineEnd() {
            stepOverLineEnd()
            records.append(record)
        } else {
            faults.append(ImportFault(place, "bare_cr", "A line ends with LF or CR LF."))
            skipLine()
        }
    }

    /// The next field; nil after a fault.
    private mutating func readField() -> Field? {
        let start = place
        guard let content = next == Self.quote ? readQuoted() : readPlain() else { return nil }
        guard let text = String(validating: content, as: UTF8.self) else {
            faults.append(ImportFault(start, "not_utf8", "The field is not UTF-8."))
            return nil
        }
        return Field(text: text, place: start)
    }

    private mutating func readPlain() -> [UInt8]? {
        var content: [UInt8] = []
        while let byte = next, byte != Self.comma, byte != Self.newline,
            byte != Self.carriageReturn
        {
            if byte == Self.quote {
                return fault("stray_quote", "A field with a quote in it stands in quotes.")
            }
            guard byte >= 0x20, byte != 0x7F else {
                return fault("control_character", "Control characters are not allowed.")
            }
            content.append(byte)
            step()
        }
        return content
    }

    private mutating func readQuoted() -> [UInt8]? {
        let start = place
        var content: [UInt8] = []
        step()
        while let byte = next {
            if byte == Self.quote {
                step()
                guard next == Self.quote else { return closed(content) }
            } else if byte < 0x20 || byte == 0x7F {
                return fault("control_character", "Control characters are not allowed.")
            }
            content.append(byte)
            step()
        }
        faults.append(ImportFault(start, "open_quote", "This quote is not closed."))
        return nil
    }

    /// The content of a field whose closing quote was passed.
    private mutating func closed(_ content: [UInt8]) -> [UInt8]? {
        guard next == nil || next == Self.comma || isAtLineEnd() else {
            return fault("text_after_quote", "Only a comma or a line end may follow.")
        }
        return content
    }

    private mutating func fault(_ code: String, _ message: String) -> [UInt8]? {
        faults.append(ImportFault(place, code, message))
        return nil
    }

    private func isAtLineEnd() -> Bool {
        guard let next else { return true }
        if next == Self.newline { return true }
        return next == Self.carriageReturn && offset + 1 < bytes.count
            && bytes[offset + 1] == Self.newline
    }

    private mutating func stepOverLineEnd() {
        if next == Self.carriageReturn { step() }
        if next != nil { step() }
    }

    private mutating func skipLine() {
        while let byte = next {
            step()
            if byte == Self.newline { return }
        }
    }
}
