package import BatchRules
package import Identity
internal import Protocol
package import ServiceStore

/// What the history was asked for, as it came.
package struct HistoryRequest: Sendable {
    package var filters: [String: [String]]
    package var pageSize: String?
    package var continuationKey: String?

    package init(filters: [String: [String]], pageSize: String?, continuationKey: String?) {
        self.filters = filters
        self.pageSize = pageSize
        self.continuationKey = continuationKey
    }
}

/// One page: which sets, how many qualify in all, and where the next page begins.
package struct HistoryPage: Sendable, Equatable {
    package var setIDs: [Int64]
    package var count: Int64
    package var continuationKey: String
    /// Filters that do not exist, for the log (contract A1-16).
    package var ignored: [String]
}

/// Answers questions to the history: filters, visibility and pages over what is saved.
package struct HistoryReader: Sendable {
    /// A page ends early where its sets' bodies pass this: a page is also a reply of bounded size.
    static let pageBytes = 256 << 20
    private static let list = "history"

    let store: BatchStore
    let results: ResultReader
    let keys: ContinuationKeys
    let days: BusinessDays

    package init(
        store: BatchStore,
        results: ResultReader,
        keys: ContinuationKeys,
        days: BusinessDays
    ) {
        self.store = store
        self.results = results
        self.keys = keys
        self.days = days
    }

    /// One page of the finished sets that the caller may see, newest first (contract A1-22).
    package func page(
        _ request: HistoryRequest,
        for caller: Principal,
        at now: Instant
    ) async throws -> HistoryPage {
        let asked = try filter(request.filters)
        let size = try pageSize(request.pageSize)
        let given = request.filters.filter { !asked.ignored.contains($0.key) }
        var (point, expiresAt) = try await start(request, asked, given, for: caller, at: now)
        let filter = given.isEmpty ? try self.filter(point.parameters) : asked
        point.pageSize = size ?? point.pageSize
        let query = HistoryQuery(
            conditions: filter.conditions,
            sources: Visibility.history(of: caller),
            newestAttempt: point.newestAttempt,
            below: point.below
        )
        let rows: [HistoryRow]
        if filter.readsBodies {
            rows = try await scanned(query, filter, &point)
        } else {
            rows = try await store.history(query, limit: point.pageSize)
        }
        let page = Self.cut(rows)
        // An empty page stays where it is, so that asking again is harmless.
        point.below = page.last?.setID ?? point.below
        return HistoryPage(
            setIDs: page.map(\.setID),
            count: point.count,
            continuationKey: try await keys.seal(
                point.encoded(),
                of: Self.list,
                for: caller.account,
                expiresAt: expiresAt
            ),
            ignored: asked.ignored
        )
    }

    /// The place of the page: what its key says, or the start of a new found set.
    private func start(
        _ request: HistoryRequest,
        _ filter: HistoryFilter,
        _ given: [String: [String]],
        for caller: Principal,
        at now: Instant
    ) async throws -> (ContinuationPoint, expiresAt: Int64) {
        guard let key = request.continuationKey else {
            let (newest, count) = try await store.beginFoundSet(
                filter.conditions,
                of: Visibility.history(of: caller),
                counts: !filter.readsBodies
            )
            let point = ContinuationPoint(
                newestAttempt: newest,
                below: .max,
                count: count,
                pageSize: PageRules.defaultSize,
                parameters: given
            )
            return (point, now.milliseconds + ContinuationKeys.lifetimeMilliseconds)
        }
        let (point, expiresAt) = try await followed(key, for: caller, at: now)
        guard PageRules.matches(point, given: given) else {
            throw Self.fault("continuation_key", "other_filters", "Given for other filters.")
        }
        return (point, expiresAt)
    }

    /// What a key says, which is good for its found set's twelve hours.
    private func followed(
        _ key: String,
        for caller: Principal,
        at now: Instant
    ) async throws -> (ContinuationPoint, expiresAt: Int64) {
        let reading = try await keys.open(
            key,
            of: Self.list,
            for: caller.account,
            at: now.milliseconds
        )
        switch reading {
        case .payload(let bytes, let expiresAt):
            if let point = ContinuationPoint(encoded: bytes) { return (point, expiresAt) }
        case .expired:
            throw Self.fault("continuation_key", "expired", "Older than 12 hours; start again.")
        case .unknown:
            break
        }
        throw Self.fault("continuation_key", "invalid", "Not a key that you were given.")
    }

    private func filter(_ parameters: [String: [String]]) throws -> HistoryFilter {
        switch HistoryFilter.read(parameters, bounds: days.bounds) {
        case .filter(let filter): return filter
        case .faults(let faults):
            throw RPCError.invalid(
                faults.map {
                    RPCError.Detail(
                        field: Self.pointer($0.field),
                        code: "wrong_type",
                        message: $0.message
                    )
                }
            )
        }
    }

    private func pageSize(_ text: String?) throws -> Int? {
        do {
            return try PageRules.size(text)
        } catch {
            throw Self.fault(error.field, "out_of_range", error.message)
        }
    }

    private static func cut(_ rows: [HistoryRow]) -> ArraySlice<HistoryRow> {
        var bytes = 0
        let end = rows.firstIndex { row in
            bytes += row.bodyBytes
            return bytes > pageBytes
        }
        return rows[..<max(end ?? rows.count, min(rows.count, 1))]
    }

    static func fault(_ field: String, _ code: String, _ message: String) -> RPCError {
        RPCError.invalid([RPCError.Detail(field: pointer(field), code: code, message: message)])
    }

    /// A parameter's name as a JSON pointer (design 1.7); empty where the fault is the whole query's.
    private static func pointer(_ name: String) -> String { name.isEmpty ? "" : "/" + name }
}
