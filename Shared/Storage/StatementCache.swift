/// The prepared statements of one session, by their SQL text.
final class StatementCache {
    /// Texts kept; beyond it the cache starts afresh.
    private static let maximumStatements = 512

    private let session: any EngineSession
    private var prepared: [String: any EngineStatement] = [:]
    private var insertions: [Insertion: String] = [:]
    private var taken: [any EngineStatement] = []

    private struct Insertion: Hashable {
        let table: String
        let columns: [String]
        let rows: Int
    }

    init(_ session: any EngineSession) { self.session = session }

    /// A statement ready to be bound: the cached one, or another while that one is in use.
    func statement(_ sql: String) throws -> Statement {
        if let cached = prepared[sql], !cached.isActive {
            cached.clearBindings()
            return take(cached)
        }
        let statement = try session.prepare(sql)
        if prepared.count >= Self.maximumStatements { prepared.removeAll() }
        if prepared[sql] == nil { prepared[sql] = statement }
        return take(statement)
    }

    /// `INSERT INTO table(columns) VALUES (?,…),(?,…)` for so many rows.
    func insertion(into table: String, columns: [String], rows: Int) throws -> Statement {
        let key = Insertion(table: table, columns: columns, rows: rows)
        if let known = insertions[key] { return try statement(known) }
        let row = "(" + String(repeating: "?,", count: columns.count - 1) + "?)"
        let names = columns.joined(separator: ",")
        let values = String(repeating: row + ",", count: rows - 1) + row
        let sql = "INSERT INTO \(table)(\(names)) VALUES \(values)"
        if insertions.count >= Self.maximumStatements { insertions.removeAll() }
        insertions[key] = sql
        return try statement(sql)
    }

    /// Ends every statement taken since the last call, so that none holds the transaction open.
    func resetTaken() {
        for statement in taken {
            statement.reset()
            statement.isTaken = false
        }
        taken.removeAll(keepingCapacity: true)
    }

    /// Finalizes every statement.
    func clear() {
        taken.removeAll()
        prepared.removeAll()
    }

    private func take(_ statement: any EngineStatement) -> Statement {
        if !statement.isTaken {
            statement.isTaken = true
            taken.append(statement)
        }
        return Statement(base: statement)
    }
}
