/// What a writer may do; everything is kept together or not at all.
package final class WriteTransaction: ReadTransaction {
    /// Parameters that one statement may have, on any engine.
    private static let maximumParameters = 32_000
    /// Rows of the middle size of `append`'s statements: what is left over goes by eights.
    private static let restRows = 8

    private(set) var isRolledBackOnReturn = false

    /// The closure's work is undone when it returns, yet its value is given to the caller: a TRIAL.
    package func rollBackOnReturn() { isRolledBackOnReturn = true }

    /// Runs one statement to its end; returns how many rows it inserted, changed or deleted.
    @discardableResult
    package func execute(_ sql: String, _ values: [SQLValue] = []) throws -> Int {
        let statement = try bound(sql, values)
        defer { statement.reset() }
        while try statement.step() {}
        return session.changedRows
    }

    /// Runs an INSERT of one row; returns the id that the store gave to it (`Statement.insert`).
    package func insert(_ sql: String, _ values: [SQLValue] = []) throws -> Int64 {
        try bound(sql, values).insert()
    }

    /// Inserts many rows, several with each statement: several times as fast as one by one.
    ///
    /// `bind` is called once for every row, in order, and binds as many values as there are columns.
    /// Text and bytes that it binds without a copy must stay until `append` returns. A row that
    /// breaks a rule of the schema undoes its statement's rows only: let the error end the closure.
    package func append(
        into table: String,
        columns: [String],
        count: Int,
        rowsPerStatement: Int = 64,
        bind: (_ row: Int, _ binder: inout RowBinder) throws -> Void
    ) throws {
        precondition(!columns.isEmpty && rowsPerStatement > 0, "append needs columns and rows")
        let most = max(1, min(rowsPerStatement, Self.maximumParameters / columns.count))
        var row = 0
        for size in [most, Self.restRows, 1] where size <= most && count - row >= size {
            let statement = try statements.insertion(into: table, columns: columns, rows: size)
            while count - row >= size {
                var binder = RowBinder(statement)
                for offset in 0..<size {
                    try bind(row + offset, &binder)
                    precondition(
                        binder.count == (offset + 1) * columns.count,
                        "each row of \(table) needs one value for each column"
                    )
                }
                _ = try statement.step()
                row += size
            }
        }
    }

    /// Makes the transaction ready for its next caller.
    func start() { isRolledBackOnReturn = false }
}
