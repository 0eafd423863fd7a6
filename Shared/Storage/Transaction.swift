/// What a reader may do: every statement sees the same moment of the store.
///
/// It lives as long as the closure that it was given to, on one thread.
package class ReadTransaction {
    let connection: SQLiteConnection

    init(_ connection: SQLiteConnection) { self.connection = connection }

    /// The prepared statement of a text, reset for use; kept for the life of the connection.
    package func statement(_ sql: String) throws -> Statement { try connection.statement(sql) }

    /// Calls `each` for every row.
    package func rows(
        _ sql: String,
        _ values: [SQLValue] = [],
        _ each: (Statement) throws -> Void
    ) throws {
        let statement = try bound(sql, values)
        defer { statement.reset() }
        while try statement.step() {
            try each(statement)
        }
    }

    /// What `read` makes of the first row, or nil where there is none.
    package func first<R>(
        _ sql: String,
        _ values: [SQLValue] = [],
        _ read: (Statement) throws -> R
    ) throws -> R? {
        let statement = try bound(sql, values)
        defer { statement.reset() }
        return try statement.step() ? try read(statement) : nil
    }

    /// The integer in the first column of the first row; nil where there is no row or it is NULL.
    package func integer(_ sql: String, _ values: [SQLValue] = []) throws -> Int64? {
        try first(sql, values) { $0.isNull(0) ? nil : $0.int64(0) } ?? nil
    }

    fileprivate func bound(_ sql: String, _ values: [SQLValue]) throws -> Statement {
        let statement = try connection.statement(sql)
        for (index, value) in values.enumerated() {
            statement.bind(Int32(index + 1), value)
        }
        return statement
    }
}

/// What a writer may do; everything is kept together or not at all.
package final class WriteTransaction: ReadTransaction {
    private(set) var isRolledBackOnReturn = false

    /// Runs one statement; returns how many rows it changed.
    @discardableResult
    package func execute(_ sql: String, _ values: [SQLValue] = []) throws -> Int {
        let statement = try bound(sql, values)
        defer { statement.reset() }
        while try statement.step() {}
        return connection.changes
    }

    /// The row id of the newest INSERT of this transaction.
    package var lastInsertedRowID: Int64 { connection.lastInsertedRowID }

    /// The closure's work is undone when it returns, yet its value is given to the caller: a TRIAL.
    package func rollBackOnReturn() { isRolledBackOnReturn = true }

    /// Inserts many rows, several with each statement.
    ///
    /// `bind` is called once for every row, in order, and binds as many values as there are columns.
    /// Text and bytes that it binds without a copy must stay until `append` returns.
    package func append(
        into table: String,
        columns: [String],
        count: Int,
        rowsPerStatement: Int = 64,
        bind: (_ row: Int, _ binder: inout RowBinder) -> Void
    ) throws {
        let many = max(1, min(rowsPerStatement, 32_000 / max(1, columns.count)))
        var row = 0
        while row < count {
            let rows = count - row >= many ? many : 1
            let statement = try connection.statement(
                connection.insertText(table: table, columns: columns, rows: rows)
            )
            repeat {
                var binder = RowBinder(statement)
                for offset in 0..<rows { bind(row + offset, &binder) }
                _ = try statement.step()
                row += rows
            } while count - row >= rows
        }
    }
}

/// Binds the values of a row from left to right.
package struct RowBinder {
    private let statement: Statement
    private var index: Int32 = 1

    init(_ statement: Statement) { self.statement = statement }

    package mutating func bind(_ value: Int64) {
        statement.bind(index, value)
        index += 1
    }

    package mutating func bind(_ value: String) {
        statement.bind(index, value)
        index += 1
    }

    /// Binds text without a copy.
    package mutating func bind(text: UnsafeRawBufferPointer) {
        statement.bind(index, text: text)
        index += 1
    }

    /// Binds bytes without a copy.
    package mutating func bind(blob: UnsafeRawBufferPointer) {
        statement.bind(index, blob: blob)
        index += 1
    }

    package mutating func bindNull() {
        statement.bindNull(index)
        index += 1
    }

    package mutating func bind(_ value: SQLValue) {
        statement.bind(index, value)
        index += 1
    }
}
