@testable import Storage

/// An engine that lets other processes have its store as well, as a database server would.
private struct SharedEngine: StoreEngine {
    let base: SQLiteEngine
    let isExclusive = false

    var identifier: String { base.identifier }

    func takeWriter() -> any WriterSession { base.takeWriter() }

    func makeReader() throws -> any EngineSession { try base.makeReader() }

    func release() { base.release() }
}

extension StoreEngineChoice {
    /// A SQLite file; where `isExclusive` is false, the store says that others may have it as well.
    static func test(path: String, isExclusive: Bool) -> StoreEngineChoice {
        if isExclusive { return .sqlite(path: path) }
        return StoreEngineChoice { migrations in
            SharedEngine(
                base: try SQLiteEngine(
                    path: path,
                    migrations: migrations,
                    options: SQLiteOptions()
                )
            )
        }
    }
}
