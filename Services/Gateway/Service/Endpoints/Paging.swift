internal import Protocol

/// Lists in pages: `pagesize` and `continuation_key`, the same on every list (design 1.8).
enum Paging {
    static let names: Set<String> = ["pagesize", "continuation_key"]

    /// The key of the next page, which the answer's `X-Request-ID` carries (contract A1-21).
    static func continuationKey(_ metadata: [String: MetadataValue]) -> String? {
        guard let key = metadata.text("continuation_key"), !key.isEmpty else { return nil }
        return key
    }

    /// Passes both parameters on as they were given: what they may be is the service's to judge.
    static func add(_ query: QueryItems, to writer: inout JSONWriter) {
        for name in ["pagesize", "continuation_key"] {
            if let value = query[name] { writer.field(name, value) }
        }
    }
}
