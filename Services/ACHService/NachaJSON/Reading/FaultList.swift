internal import JSON

/// Where in a document something stands.
enum DocumentPlace {
    case document
    case fileHeader
    case batch(Int)
    case header(Int)
    case entry(Int, Int)
    case addenda(Int, Int, Int)
    case control(Int)
    case fileControl
    case form
    case oddLine(Int)

    /// The JSON pointer to it.
    var pointer: String {
        switch self {
        case .document: ""
        case .fileHeader: "/file_header"
        case .batch(let batch): "/batches/\(batch)"
        case .header(let batch): "/batches/\(batch)/header"
        case .entry(let batch, let entry): "/batches/\(batch)/entries/\(entry)"
        case .addenda(let batch, let entry, let addenda):
            "/batches/\(batch)/entries/\(entry)/addenda/\(addenda)"
        case .control(let batch): "/batches/\(batch)/control"
        case .fileControl: "/file_control"
        case .form: "/form"
        case .oddLine(let line): "/odd_lines/\(line)"
        }
    }
}

/// The faults of a document, bounded.
struct FaultList {
    private var faults: [DocumentFault] = []
    /// How many were found, kept or not.
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func add(
        _ code: DocumentFault.Code,
        _ place: DocumentPlace,
        _ member: String? = nil,
        value: String = "",
        _ message: String,
        _ remedy: String
    ) {
        count += 1
        guard faults.count < DocumentFormat.faults else { return }
        faults.append(
            DocumentFault(
                code: code,
                pointer: place.pointer + (member.map { JSONText.pointerStep($0) } ?? ""),
                value: String(value.prefix(DocumentFault.valueLimit)),
                message: message,
                remedy: remedy
            )
        )
    }

    /// Throws the faults where there are any.
    func check() throws(DocumentFaults) {
        guard count > 0 else { return }
        throw DocumentFaults(faults: faults, dropped: count - faults.count)
    }
}
