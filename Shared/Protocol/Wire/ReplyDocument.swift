package import JSON

/// One value beside a reply's body.
package enum MetadataValue: Sendable, Hashable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)
}

/// The header document of a RESPONSE: a flat object of strings, integers and booleans.
package enum ReplyDocument {
    package static func read(
        _ bytes: UnsafeRawBufferPointer
    ) throws(JSONScanner.Fault) -> [String: MetadataValue] {
        var values: [String: MetadataValue] = [:]
        var scanner = JSONScanner(bytes)
        try scanner.object { (key, scanner) throws(JSONScanner.Fault) in
            guard values[key] == nil else { throw scanner.fault(.duplicateKey).inside(key) }
            switch scanner.peek() {
            case UInt8(ascii: "\""): values[key] = .string(try scanner.string())
            case UInt8(ascii: "t"), UInt8(ascii: "f"): values[key] = .boolean(try scanner.boolean())
            default: values[key] = .integer(try scanner.integer())
            }
        }
        guard scanner.isAtEnd() else { throw scanner.malformed }
        return values
    }

    /// Appends the members in the order of their names.
    package static func append(_ values: [String: MetadataValue], to out: inout [UInt8]) {
        JSONWriter.append(to: &out) { json in
            json.object { json in
                for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                    json.key(named: name)
                    switch value {
                    case .string(let text): json.value(text)
                    case .integer(let number): json.value(number)
                    case .boolean(let flag): json.value(flag)
                    }
                }
            }
        }
    }
}
