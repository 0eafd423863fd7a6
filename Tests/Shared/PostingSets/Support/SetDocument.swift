import PostingSets
import Testing

/// Members of a JSON object in their order: names and values as JSON text.
struct Members: ExpressibleByDictionaryLiteral {
    var pairs: [(name: String, value: String)]

    init(dictionaryLiteral elements: (String, String)...) {
        pairs = elements.map { (name: $0.0, value: $0.1) }
    }

    subscript(name: String) -> String? {
        get { pairs.first { $0.name == name }?.value }
        set {
            let place = pairs.firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let place?, let value?): pairs[place].value = value
            case (let place?, nil): pairs.remove(at: place)
            case (nil, let value?): pairs.append((name, value))
            case (nil, nil): break
            }
        }
    }

    func text(_ style: SetDocument.Style) -> String {
        let members = pairs.map { "\"\($0.name)\"\(style.colon)\($0.value)" }
        return "{\(style.edge)\(members.joined(separator: ",\(style.gap)"))\(style.edge)}"
    }
}

/// A posting set as JSON, whole and right unless a test says otherwise.
struct SetDocument {
    /// Where blanks stand.
    struct Style: Sendable, CaseIterable {
        var colon: String
        var gap: String
        var edge: String

        static let compact = Style(colon: ":", gap: "", edge: "")
        static let spaced = Style(colon: ": ", gap: " ", edge: "")
        static let lines = Style(colon: ": ", gap: "\n    ", edge: "\n")
        static let wide = Style(colon: " \t: ", gap: " \r\n ", edge: " \n\t")
        static let allCases = [compact, spaced, lines, wide]
    }

    var header: Members = [
        "accounting_date": "\"2018-02-01T04:00:00Z\"",
        "batch_name": "\"SYSTEM_XYZ work order billing\"",
        "billing_type": "\"BANNER\"",
        "posting_type": "\"TRIAL\"",
        "record_count": "1",
        "source_batch_id": "\"SYSTEM_XYZ_BATCH_123\"",
        "source_name": "\"SYSTEM_XYZ\"",
        "total_amount": "1198.00",
    ]
    var transactions = [SetDocument.transaction]
    var style = Style.compact

    static let transaction: Members = [
        "amount": "1198.00",
        "account_id": "\"99999\"",
        "description": "\"This is a description\"",
        "detail_code": "\"A484\"",
        "source_transaction_id": "\"WO12345\"",
        "source_transaction_date": "\"2017-06-30T04:00:00Z\"",
    ]

    var text: String {
        let elements = transactions.map { $0.text(style) }
        var whole = header
        whole["transactions"] = "[\(elements.joined(separator: ",\(style.gap)"))]"
        return whole.text(style)
    }

    static func with(_ change: (inout SetDocument) -> Void) -> SetDocument {
        var document = SetDocument()
        change(&document)
        return document
    }

    /// A document whose one transaction has another value for a field.
    static func field(_ name: String, _ value: String) -> SetDocument {
        with { $0.transactions[0][name] = value }
    }

    static func header(_ name: String, _ value: String) -> SetDocument {
        with { $0.header[name] = value }
    }
}

/// What is behind the end of a document in memory.
struct Surroundings {
    var padding = PostingSetReader.padding
    var filler: UInt8 = 0
}

/// Reads a document in memory of its own and looks at the outcome while both are there.
func read<Result>(
    _ bytes: [UInt8],
    with reader: PostingSetReader = PostingSetReader(),
    _ surroundings: Surroundings = Surroundings(),
    _ look: (ReadOutcome) throws -> Result
) rethrows -> Result {
    let memory = bytes + Array(repeating: surroundings.filler, count: surroundings.padding)
    return try memory.withUnsafeBytes { memory in
        let document = UnsafeRawBufferPointer(rebasing: memory[..<bytes.count])
        return try look(reader.read(document, capacity: memory.count))
    }
}

/// The faults of a text; none where it is a set.
func faults(of text: String) -> [SetFault] {
    read(Array(text.utf8)) { outcome in
        if case .faults(let faults) = outcome { faults } else { [] }
    }
}

func faults(of document: SetDocument) -> [SetFault] { faults(of: document.text) }

/// Looks at a set that must be right.
func set<Result>(
    _ text: String,
    _ look: (PostingSetView) throws -> Result
) throws -> Result {
    try read(Array(text.utf8)) { outcome in
        guard case .set(let view) = outcome else {
            Issue.record("\(outcome) instead of a set: \(text.prefix(300))")
            throw NotASet()
        }
        return try look(view)
    }
}

func set<Result>(
    _ document: SetDocument,
    _ look: (PostingSetView) throws -> Result
) throws -> Result {
    try set(document.text, look)
}

struct NotASet: Error {}

/// Pointer and code of a fault, for comparisons.
struct Finding: Hashable, CustomStringConvertible {
    var pointer: String
    var code: String

    init(_ pointer: String, _ code: SetFaultCode) {
        self.pointer = pointer
        self.code = code.rawValue
    }

    init(_ fault: SetFault) {
        pointer = fault.pointer
        code = fault.code
    }

    var description: String { "\(code) at \(pointer)" }
}

func findings(_ document: SetDocument) -> [Finding] { faults(of: document).map(Finding.init) }
func findings(_ text: String) -> [Finding] { faults(of: text).map(Finding.init) }
