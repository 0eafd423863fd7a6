import FoundationEssentials
import Protocol

extension ImportTable {
    /// Reads an array of flat objects; numbers and truth values count as their text.
    mutating func readJSON(
        _ bytes: UnsafeRawBufferPointer,
        _ columns: [ImportColumn]
    ) {
        if let fault = StrictJSON.fault(in: bytes) {
            let detail = fault.detail
            faults = [ImportFault(.pointer(detail.field), detail.code, detail.message)]
            return
        }
        guard let items = try? JSONDecoder().decode([JSONItem].self, from: Data(bytes)) else {
            // The text is well-formed, so that only its outermost type can be at fault.
            faults = [ImportFault(.pointer(""), "wrong_type", "The file is an array of objects.")]
            return
        }
        for (index, item) in items.enumerated() { read(item, at: "/\(index)", columns) }
    }

    private mutating func read(
        _ item: JSONItem,
        at pointer: String,
        _ columns: [ImportColumn]
    ) {
        let place = ImportPlace.pointer(pointer)
        guard case .object(let members) = item else {
            faults.append(ImportFault(place, "wrong_type", "An object is expected here."))
            return
        }
        let known = Set(columns.map(\.name))
        for name in members.keys.sorted() where !known.contains(name) {
            let place = ImportPlace.pointer(pointer + JSONText.pointerStep(name))
            faults.append(ImportFault(place, "unknown_field", "The field is not known."))
        }
        var values: [Value] = []
        for column in columns {
            let place = ImportPlace.pointer(pointer + JSONText.pointerStep(column.name))
            switch members[column.name] {
            case .text(let text):
                values.append(Value(text: text, place: place))
            case .null, nil:
                if column.isRequired {
                    faults.append(ImportFault(place, "missing", "The field is required."))
                }
                values.append(Value(text: "", place: place))
            case .object, .array:
                faults.append(ImportFault(place, "wrong_type", "A text is expected here."))
                values.append(Value(text: "", place: place))
            }
        }
        rows.append(Row(place: place, values: values))
    }
}

/// Any JSON value, read without ever failing.
private enum JSONItem: Decodable {
    case object([String: JSONItem])
    case array
    case text(String)
    case null

    init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            self = .null
        } else if let text = try? single.decode(String.self) {
            self = .text(text)
        } else if let truth = try? single.decode(Bool.self) {
            self = .text(truth ? "true" : "false")
        } else if let number = try? single.decode(Int64.self) {
            self = .text(String(number))
        } else if let members = try? single.decode([String: JSONItem].self) {
            self = .object(members)
        } else {
            // An array, or a number that is no integer: neither is a column's text.
            self = .array
        }
    }
}
