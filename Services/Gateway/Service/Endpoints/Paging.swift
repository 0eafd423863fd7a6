internal import JSON
internal import NIOCore
internal import Protocol

/// Lists in pages: `pagesize` and `continuation_key`, the same on every list (design 1.8).
enum Paging {
    /// Passed on as they were given: what they may be is the service's to judge.
    static let names = ["pagesize", "continuation_key"]

    /// The key of the next page, which the answer's `X-Request-ID` carries (contract A1-21).
    static func continuationKey(_ metadata: [String: MetadataValue]) -> String? {
        guard let key = metadata.text("continuation_key"), !key.isEmpty else { return nil }
        return key
    }

    /// `{filters: {name: [value]}, pagesize?, continuation_key?}`: which names are filters is the
    /// service's to know (contract A1-16).
    static func filters(_ query: QueryItems) -> ByteBuffer {
        var names: [String] = []
        for item in query.items where !Self.names.contains(item.name) {
            if !names.contains(item.name) { names.append(item.name) }
        }
        return JSONWriter.buffer { json in
            json.object("filters") { json in
                for name in names {
                    json.key(named: name)
                    json.value(query.values(name))
                }
            }
            json.add(Self.names, of: query)
        }
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
