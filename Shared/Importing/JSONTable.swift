internal import JSON
internal import Protocol

extension ImportTable {
    /// Reads an array of flat objects; numbers and truth values count as their text.
    mutating func readJSON(
        _ bytes: UnsafeRawBufferPointer,
        _ columns: [ImportColumn]
    ) {
        if let fault = JSONText.fault(in: bytes) {
            let detail = fault.detail
            faults = [ImportFault(.pointer(detail.field), detail.code, detail.message)]
            return
        }
        guard case .array(let items) = JSONNode(Array(bytes)) else {
            faults = [ImportFault(.pointer(""), "wrong_type", "The file is an array of objects.")]
            return
        }
        for (index, item) in items.enumerated() { read(item, at: "/\(index)", columns) }
    }

    private mutating func read(
        _ item: JSONNode,
        at pointer: String,
        _ columns: [ImportColumn]
    ) {
        let place = ImportPlace.pointer(pointer)
        guard case .object(let members) = item else {
            faults.append(ImportFault(place, "wrong_type", "An object is expected here."))
            return
        }
        let known = Set(columns.map(\.name))
        for name in members.map(\.key) where !known.contains(name) {
            let place = ImportPlace.pointer(pointer + JSONText.pointerStep(name))
            faults.append(ImportFault(place, "unknown_field", "The field is not known."))
        }
        var values: [Value] = []
        for column in columns {
            let place = ImportPlace.pointer(pointer + JSONText.pointerStep(column.name))
            switch item[column.name] {
            case .number(let text) where !column.isDecimal && Int64(text) == nil:
                faults.append(ImportFault(place, "wrong_type", "A text is expected here."))
                values.append(Value(text: "", place: place))
            case .string(let text), .number(let text):
                values.append(Value(text: text, place: place))
            case .boolean(let truth):
                values.append(Value(text: truth ? "true" : "false", place: place))
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
