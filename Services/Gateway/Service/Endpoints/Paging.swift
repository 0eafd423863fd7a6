internal import NIOCore
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

    /// `{filters: {name: [value]}, pagesize?, continuation_key?}`: which names are filters is the
    /// service's to know (contract A1-16).
    static func filters(_ query: QueryItems) -> ByteBuffer {
        var names: [String] = []
        for item in query.items where !Self.names.contains(item.name) {
            if !names.contains(item.name) { names.append(item.name) }
        }
        var writer = JSONWriter()
        writer.open("{")
        writer.key("filters")
        writer.open("{")
        for name in names {
            writer.key(name)
            writer.strings(query.values(name))
        }
        writer.close("}")
        add(query, to: &writer)
        writer.close("}")
        return writer.buffer
    }

    /// A page as it comes, with the count of all rows and the key of the next page.
    static func reply(_ download: UpstreamDownload) async throws -> EdgeReply {
        var headers: [(name: String, value: String)] = []
        if let count = download.metadata.text("x_count") { headers.append(("x-count", count)) }
        var reply = try await Download.reply(download, headers: headers)
        reply.continuationKey = continuationKey(download.metadata)
        return reply
    }
}
