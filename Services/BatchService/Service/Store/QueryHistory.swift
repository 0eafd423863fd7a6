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
    /// The newest attempt: the bound of a found set that begins now.
    package func newestAttempt() async throws -> Int64 {
        try await store.read { transaction in
            let row = try transaction.statement("SELECT max(id) FROM attempt")
            defer { row.reset() }
            return try row.step() && !row.isNull(0) ? row.int64(0) : 0
        }
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

    /// How many sets qualify.
    package func historyCount(_ query: HistoryQuery) async throws -> Int64 {
        guard let compiled = CompiledQuery(query) else { return 0 }
        return try await store.read { transaction in
            let row = try transaction.statement(
                """
                SELECT count(*) FROM posting_set s JOIN task t ON t.set_id = s.id
                WHERE \(compiled.condition)
                """
            )
            defer { row.reset() }
            compiled.bind(to: row)
            return try row.step() ? row.int64(0) : 0
        }
    }
}

/// A history query as SQL; nothing that a caller wrote stands in its text.
struct CompiledQuery {
    private(set) var condition: String
    private(set) var values: [SQLValue] = []

    /// Nil where the query cannot match anything.
    init?(_ query: HistoryQuery) {
        condition = "t.final_attempt <= ?1 AND s.id < ?2"
        values = [.integer(query.newestAttempt), .integer(query.below)]
        if case .only(let sources) = query.sources {
            guard addList("s.source_name", sources.sorted().map { .text($0) }) else { return nil }
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
        condition += " AND \(column) IN (\(places))"
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
        condition += " AND (\(parts.joined(separator: " OR ")))"
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
