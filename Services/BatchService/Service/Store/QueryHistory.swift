internal import Identity
internal import Dates
package import BatchRules
internal import Storage

/// One question to the history: conditions, whose sets, and the found set's bounds.
package struct HistoryQuery: Sendable {
    package var conditions: [HistoryFilter.Condition]
    package var sources: Visibility.Sources
    /// Only sets whose last attempt is not newer.
    package var newestAttempt: Int64
    /// Only sets with a lower number.
    package var below: Int64

    package init(
        conditions: [HistoryFilter.Condition],
        sources: Visibility.Sources,
        newestAttempt: Int64,
        below: Int64
    ) {
        self.conditions = conditions
        self.sources = sources
        self.newestAttempt = newestAttempt
        self.below = below
    }
}

/// A set that qualifies, as far as columns tell.
package struct HistoryRow: Sendable, Equatable {
    package var setID: Int64
    package var bodyBytes: Int

    package init(setID: Int64, bodyBytes: Int) {
        self.setID = setID
        self.bodyBytes = bodyBytes
    }
}

extension BatchStore {
    /// Begins a found set: the newest attempt, which bounds it, and how many sets qualify.
    ///
    /// - Parameters:
    ///   - conditions: what is asked for.
    ///   - sources: whose sets.
    ///   - counts: false where the caller counts by itself.
    /// - Returns: the bound, and the count or -1; both of the same moment.
    /// - Throws: `StoreError`.
    package func beginFoundSet(
        _ conditions: [HistoryFilter.Condition],
        of sources: Visibility.Sources,
        counts: Bool
    ) async throws -> (newestAttempt: Int64, count: Int64) {
        try await store.read { transaction in
            let newest = try transaction.integer("SELECT max(id) FROM attempt") ?? 0
            guard counts else { return (newest, -1) }
            let query = HistoryQuery(
                conditions: conditions,
                sources: sources,
                newestAttempt: newest,
                below: .max
            )
            return (newest, try Self.count(query, in: transaction))
        }
    }

    private static func count(
        _ query: HistoryQuery,
        in transaction: ReadTransaction
    ) throws -> Int64 {
        guard let compiled = CompiledQuery(query) else { return 0 }
        // Whole sources are counted by their index alone, less the few sets that are not done: a
        // fortieth of the time that looking at every task takes.
        let sql =
            compiled.isBySourceOnly
            ? """
            SELECT (SELECT count(*) FROM posting_set s WHERE ?1 >= 0 AND \(compiled.byColumns))
                - (SELECT count(*) FROM task t JOIN posting_set s ON s.id = t.set_id
                    WHERE t.final_attempt IS NULL AND \(compiled.byColumns))
            """
            : """
            SELECT count(*) FROM posting_set s JOIN task t ON t.set_id = s.id
            WHERE \(compiled.condition)
            """
        return try transaction.integer(sql, compiled.values) ?? 0
    }

    /// The sets that qualify, newest first, at most `limit`.
    package func history(_ query: HistoryQuery, limit: Int) async throws -> [HistoryRow] {
        guard let compiled = CompiledQuery(query) else { return [] }
        return try await store.read { transaction in
            let row = try transaction.statement(
                """
                SELECT s.id, s.body_bytes FROM posting_set s JOIN task t ON t.set_id = s.id
                WHERE \(compiled.condition) ORDER BY s.id DESC
                LIMIT ?\(compiled.values.count + 1)
                """
            )
            defer { row.reset() }
            compiled.bind(to: row)
            row.bind(Int32(compiled.values.count + 1), Int64(limit))
            var found: [HistoryRow] = []
            while try row.step() {
                found.append(HistoryRow(setID: row.int64(0), bodyBytes: Int(row.int64(1))))
            }
            return found
        }
    }
}

/// A history query as SQL; nothing that a caller wrote stands in its text.
struct CompiledQuery {
    /// The found set's bounds.
    private static let bounds = "t.final_attempt <= ?1"
    /// What the set's columns must say.
    private(set) var byColumns = "s.id < ?2"
    /// Whether nothing but the source decides.
    let isBySourceOnly: Bool
    private(set) var values: [SQLValue] = []

    var condition: String { "\(Self.bounds) AND \(byColumns)" }

    /// Nil where the query cannot match anything.
    init?(_ query: HistoryQuery) {
        isBySourceOnly = query.conditions.allSatisfy {
            if case .text(.sourceName, _) = $0 { true } else { false }
        }
        values = [.integer(query.newestAttempt), .integer(query.below)]
        if case .only(let sources) = query.sources {
            guard addList("s.source_name", sources.sorted().map { .text($0.string) }) else {
                return nil
            }
        }
        for part in query.conditions {
            guard add(part) else { return nil }
        }
    }

    func bind(to row: Statement) {
        for (index, value) in values.enumerated() { row.bind(Int32(index + 1), value) }
    }

    private mutating func add(_ part: HistoryFilter.Condition) -> Bool {
        switch part {
        case .text(.status, let words):
            addList("t.status", words.compactMap(Self.status).map { .text($0.rawValue) })
        case .text(let field, let texts):
            addList("s.\(field.rawValue)", texts.map { .text($0) })
        case .number(.transactionsLoaded, let numbers):
            addList("t.loaded", numbers.map { .integer($0) })
        case .number(let field, let numbers):
            addList("s.\(field.rawValue)", numbers.map { .integer($0) })
        case .batchID(let numbers):
            addList("s.id", numbers.map { .integer($0) })
        case .moment(let moments):
            addMoments(moments)
        case .element:
            true
        }
    }

    /// Adds a list of values, of which the column must hold one.
    ///
    /// The list is filled up to a power of two with its last value, so that few
    /// different statements are ever prepared.
    private mutating func addList(_ column: String, _ list: [SQLValue]) -> Bool {
        guard let last = list.last else { return false }
        var size = 1
        while size < list.count { size *= 2 }
        let padded = list + Array(repeating: last, count: size - list.count)
        let places = padded.map { placeholder(for: $0) }.joined(separator: ", ")
        byColumns += " AND \(column) IN (\(places))"
        return true
    }

    private mutating func addMoments(_ moments: [HistoryFilter.Moment]) -> Bool {
        guard !moments.isEmpty else { return false }
        let parts = moments.map { moment in
            switch moment {
            case .submitted(let range):
                let start = placeholder(for: .integer(range.lowerBound))
                let end = placeholder(for: .integer(range.upperBound))
                return "(s.submitted_at >= \(start) AND s.submitted_at < \(end))"
            case .accountingDay(let day):
                let place = placeholder(for: .integer(Int64(day.daysSince1970)))
                return "s.accounting_day = \(place)"
            case .accountingInstant(let instant):
                let place = placeholder(for: .integer(instant.milliseconds))
                return "s.accounting_instant = \(place)"
            }
        }
        byColumns += " AND (\(parts.joined(separator: " OR ")))"
        return true
    }

    private mutating func placeholder(for value: SQLValue) -> String {
        values.append(value)
        return "?\(values.count)"
    }

    private static func status(_ word: String) -> PostingTask.Status? {
        switch word {
        case "success": .complete
        case "failure": .error
        default: nil
        }
    }
}
