import Storage

/// The table of runs and the changes of their state; every change is one row.
enum RunDirectory {
    struct Row {
        var run: SortedRun
        var state: RunState
    }

    /// Every run by its first entry, without the starts of its parts.
    static func all(in transaction: ReadTransaction) throws -> [Row] {
        let statement = try transaction.statement(
            """
            SELECT id, level, first_entry, entries, state FROM dup_run_dir
            ORDER BY first_entry, level DESC
            """
        )
        var rows: [Row] = []
        while try statement.step() {
            let run = SortedRun(
                id: statement.int64(0),
                level: Int(statement.int64(1)),
                firstEntry: statement.int64(2),
                entries: Int(statement.int64(3)),
                partStarts: []
            )
            rows.append(Row(run: run, state: RunState(rawValue: statement.int64(4)) ?? .obsolete))
        }
        statement.reset()
        return rows
    }

    static func insert(
        _ run: SortedRun,
        state: RunState,
        in transaction: WriteTransaction
    ) throws {
        _ = try transaction.execute(
            """
            INSERT INTO dup_run_dir (id, level, first_entry, entries, state)
            VALUES (?1, ?2, ?3, ?4, ?5)
            """,
            [
                .integer(run.id), .integer(Int64(run.level)), .integer(run.firstEntry),
                .integer(Int64(run.entries)), .integer(state.rawValue),
            ]
        )
    }

    static func set(
        _ state: RunState,
        of run: Int64,
        in transaction: WriteTransaction
    ) throws {
        _ = try transaction.execute(
            "UPDATE dup_run_dir SET state = ?2 WHERE id = ?1",
            [.integer(run), .integer(state.rawValue)]
        )
    }

    static func delete(_ run: Int64, in transaction: WriteTransaction) throws {
        _ = try transaction.execute("DELETE FROM dup_run_dir WHERE id = ?1", [.integer(run)])
    }
}
