internal import JSON
package import Nacha

extension NachaFile {
    /// The file of a document (`DocumentFormat`).
    ///
    /// Without `"build":true` the document must be complete, and the file's bytes are those from
    /// which it was written; nothing is computed or judged. With it, what is left out is computed:
    /// see `DocumentReader+Building`. Throws all faults of the document at once; after those of the
    /// values come those of what cannot be computed.
    package init(json text: UnsafeRawBufferPointer) throws(DocumentFaults) {
        var reader = DocumentReader(text)
        self = try reader.read()
    }

    /// The file of a document (`DocumentFormat`).
    package init(json text: [UInt8]) throws(DocumentFaults) {
        let result = text.withUnsafeBytes { bytes in
            Result { () throws(DocumentFaults) in try NachaFile(json: bytes) }
        }
        self = try result.get()
    }
}

/// Reads a document in place: no tree of it is built.
struct DocumentReader {
    let text: UnsafeRawBufferPointer
    let cursor: JSONCursor
    var faults = FaultList()
    /// Whether what is left out is computed.
    var isBuilding = false
    var building = BuildingState()
    /// Room for the members of the record that is being read.
    var members: [JSONCursor.Member] = []
    var slots: [Int] = []

    init(_ text: UnsafeRawBufferPointer) {
        self.text = text
        cursor = JSONCursor(text)
    }

    private static let names: Set<String> = [
        "format", "masked", "build", "file_header", "batches", "file_control", "form", "odd_lines",
    ]

    mutating func read() throws(DocumentFaults) -> NachaFile {
        try checkGrammar()
        let root = cursor.skipBlanks(0)
        guard cursor.isObject(root) else {
            noteWrongType(.document, nil, root, "an object")
            try faults.check()
            preconditionFailure("The document has a fault.")
        }
        let values = named(root, .document, Self.names)
        try checkMask(values["masked"])
        readFormat(values["format"])
        isBuilding = readBoolean(values["build"], .document, "build", isRequired: false) ?? false
        var file = NachaFile(header: readFileHeader(values["file_header"]), batches: [])
        if let batches = value(values["batches"], .document, "batches", .array) {
            readBatches(batches, into: &file)
        }
        file.control = readControl(
            values["file_control"],
            .document,
            "file_control",
            file.isAdvice ? .adviceFileControl : .fileControl
        )
        file.form = readForm(values["form"], recordCount: file.recordCount)
        file.form.oddLines = readOddLines(values["odd_lines"])
        try faults.check()
        if isBuilding {
            complete(&file)
        } else {
            checkOddLines(of: file)
        }
        try faults.check()
        return file
    }

    /// Judges the text as a whole; a key that stands twice is found later, with all other faults.
    private mutating func checkGrammar() throws(DocumentFaults) {
        let message: String
        if text.isEmpty {
            message = "The text is empty."
        } else if let fault = grammarFault() {
            message = fault.message
        } else {
            return
        }
        let remedy = "Write JSON as RFC 8259 has it, in UTF-8."
        faults.add(.malformed, .document, nil, message, remedy)
        try faults.check()
    }

    private func grammarFault() -> JSONScanner.Fault? {
        guard var fault = JSONText.fault(in: text) else { return nil }
        guard fault.reason == .duplicateKey else { return fault }
        var scanner = JSONScanner(text)
        do throws(JSONScanner.Fault) {
            _ = try scanner.skipValue()
            if scanner.isAtEnd() { return nil }
            fault.reason = .malformed
            fault.offset = scanner.offset
            return fault
        } catch {
            return error
        }
    }

    private mutating func checkMask(_ masked: Int?) throws(DocumentFaults) {
        guard readBoolean(masked, .document, "masked", isRequired: false) == true else { return }
        faults = FaultList()
        faults.add(
            .masked,
            .document,
            "masked",
            value: "true",
            "The document shows no account numbers and names: no file comes back from it.",
            "Write it again with --reveal."
        )
        try faults.check()
    }

    private mutating func readFormat(_ format: Int?) {
        guard let format = value(format, .document, "format", .string) else { return }
        let name = cursor.string(format)
        guard name != DocumentFormat.name else { return }
        faults.add(
            .wrongForm,
            .document,
            "format",
            value: name,
            "The format is not one that is read here.",
            "Give \"\(DocumentFormat.name)\"."
        )
    }
}
