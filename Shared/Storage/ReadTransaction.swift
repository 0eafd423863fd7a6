/// What a reader may do: every statement sees the same moment of the store.
///
/// It lives as long as the closure that it was given to, on one thread.
package class ReadTransaction {
    let session: any EngineSession
    let statements: StatementCache

    init(session: any EngineSession, statements: StatementCache) {
        self.session = session
        self.statements = statements
    }

    /// The prepared statement of a text, ready for parameters; kept for the life of the connection.
    package final func statement(_ sql: String) throws -> Statement {
        try statements.statement(sql)
    }

    /// Calls `each` for every row.
    package final func rows(
        _ sql: String,
        _ values: [SQLValue] = [],
        _ each: (Statement) throws -> Void
    ) throws {
        let statement = try bound(sql, values)
        defer { statement.reset() }
        while try statement.step() { try each(statement) }
    }

    /// What `read` makes of the first row, or nil where there is none.
    package final func first<R>(
        _ sql: String,
        _ values: [SQLValue] = [],
        _ read: (Statement) throws -> R
    ) throws -> R? {
        let statement = try bound(sql, values)
        defer { statement.reset() }
        return try statement.step() ? try read(statement) : nil
    }

    /// The integer in the first column of the first row; nil where there is no row or it is NULL.
    package final func integer(_ sql: String, _ values: [SQLValue] = []) throws -> Int64? {
        try first(sql, values) { $0.isNull(0) ? nil : $0.int64(0) } ?? nil
    }

    final func bound(_ sql: String, _ values: [SQLValue]) throws -> Statement {
        let statement = try statements.statement(sql)
        for (index, value) in values.enumerated() { statement.bind(Int32(index + 1), value) }
        return statement
    }
}
