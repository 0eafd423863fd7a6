/// The statements by which a connection steers its transactions, prepared once.
final class SQLiteControl {
    /// One of them.
    struct Text {
        fileprivate let sql: String
        fileprivate unowned let owner: SQLiteControl

        func run() throws { _ = try owner.statement(sql).step() }

        func integer() throws -> Int64 {
            let statement = try owner.statement(sql)
            defer { statement.reset() }
            return try statement.step() ? statement.integer(0) : 0
        }
    }

    private unowned let connection: SQLiteConnection
    private var prepared: [String: any EngineStatement] = [:]

    init(_ connection: SQLiteConnection) { self.connection = connection }

    var beginReading: Text { text("BEGIN") }
    var begin: Text { text("BEGIN IMMEDIATE") }
    var commit: Text { text("COMMIT") }
    var rollBack: Text { text("ROLLBACK") }
    var setSavepoint: Text { text("SAVEPOINT caller") }
    var releaseSavepoint: Text { text("RELEASE caller") }
    var rollBackToSavepoint: Text { text("ROLLBACK TO caller") }
    /// Changes when another connection has written to the file.
    var dataVersion: Text { text("PRAGMA data_version") }
    /// The number of the commit to come, kept in the store itself.
    var count: Text { text("UPDATE store_identity SET commits = commits + 1") }

    func clear() { prepared.removeAll() }

    private func text(_ sql: String) -> Text { Text(sql: sql, owner: self) }

    private func statement(_ sql: String) throws -> any EngineStatement {
        if let known = prepared[sql] { return known }
        let statement = try connection.prepare(sql)
        prepared[sql] = statement
        return statement
    }
}
