internal import BatchRules
internal import Protocol

/// Pages of filters that look into bodies.
extension HistoryReader {
    private static let slice = 200

    /// Reads candidates newest first until the page is full and, on the first page, until all that
    /// qualify are counted.
    func scanned(
        _ query: HistoryQuery,
        _ filter: HistoryFilter,
        _ point: inout ContinuationPoint
    ) async throws -> [HistoryRow] {
        let elements = ElementFilter(filter.conditions)
        let counts = point.count < 0
        var page: [HistoryRow] = []
        var found: Int64 = 0
        var bytes = 0
        var seen = 0
        var query = query
        while counts || page.count < point.pageSize {
            let candidates = try await store.history(query, limit: Self.slice)
            guard let last = candidates.last else { break }
            query.below = last.setID
            bytes += candidates.reduce(0) { $0 + $1.bodyBytes }
            seen += candidates.count
            guard bytes <= ElementFilter.maximumBytes, seen <= ElementFilter.maximumSets else {
                throw Self.tooBroad
            }
            let matching = try await results.matching(candidates, elements)
            for row in candidates where matching.contains(row.setID) {
                found += 1
                if page.count < point.pageSize { page.append(row) }
            }
        }
        if counts { point.count = found }
        return page
    }

    private static let tooBroad = RPCError(
        .failedPrecondition,
        reason: "filter_too_broad",
        message: "Too many sets to look into; add source_batch_id or submit_date."
    )
}
