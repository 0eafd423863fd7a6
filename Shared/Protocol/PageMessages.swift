/// How much a list gives at once; the same on every list (design 1.8).
package enum PageLimits {
    package static let sizes = 1...1_000
    package static let defaultSize = 100
    /// Of `posting.entries.export`.
    package static let exportSizes = 1...100_000
    package static let defaultExportSize = 10_000
}

/// The request of a filtered list: `batch.sets.list`, `batch.batches.list`.
///
/// A continuation key is opaque and holds the filters that it was given under; sizes are the text of
/// the edge's query.
package struct ListRequest: Decodable, Sendable {
    package var filters: [String: [String]]?
    package var pagesize: String?
    package var continuationKey: String?

    private enum CodingKeys: String, CodingKey {
        case filters, pagesize
        case continuationKey = "continuation_key"
    }
}
