/// Which engine a store stands on and where its data are: `.sqlite(path:options:)`.
///
/// An engine adds its own choice beside its own options; nothing outside its folder names it.
package struct StoreEngineChoice: Sendable {
    /// Takes hold of the data and brings them to the newest schema.
    let open: @Sendable ([Migration]) throws -> any StoreEngine
}

/// What a database engine gives to the store.
///
/// Services never see it. SQLite is the first engine; everything of its own is in files named after
/// it. A session belongs to one thread at a time.
protocol StoreEngine: Sendable {
    /// The random id made together with the store.
    var identifier: String { get }
    /// Whether no other process can have the store while this one has it.
    var isExclusive: Bool { get }
    /// The one writing session, with the schema up to date.
    func takeWriter() -> any WriterSession
    func makeReader() throws -> any EngineSession
    /// Lets another process have the store; every session is closed by then.
    func release()
}

/// One connection of the engine.
protocol EngineSession: AnyObject {
    /// The error that cost the present transaction, until it is rolled back.
    var failure: StoreError? { get }
    /// Rows that the latest statement inserted, changed or deleted.
    var changedRows: Int { get }
    func prepare(_ sql: String) throws -> any EngineStatement
    /// Starts a consistent view of the store.
    func beginSnapshot() throws
    /// Ends the view and forgets its failure.
    func endSnapshot()
    /// The first fault of the whole store, nil where there is none; inside a view.
    func findDamage() throws -> String?
    func close()
}

/// The connection that writes: transactions, and savepoints inside them.
protocol WriterSession: EngineSession {
    func begin() throws
    /// Returns once the transaction is durable.
    func commit() throws
    func rollBack() throws
    func setSavepoint() throws
    func releaseSavepoint() throws
    /// Undoes what was done since the savepoint, and drops the savepoint.
    func undoSavepoint() throws
    /// The engine's own upkeep between transactions; the callers have been answered.
    func settle() throws
    /// Leaves the store as a clean stop should, then closes.
    func finish() throws
}

/// A prepared statement of one session.
protocol EngineStatement: AnyObject {
    /// Whether a transaction has it; for its cache.
    var isTaken: Bool { get set }
    /// Whether it stands in the middle of its rows.
    var isActive: Bool { get }
    func bind(_ index: Int32, integer value: Int64)
    func bind(_ index: Int32, text bytes: UnsafeRawBufferPointer, copied: Bool)
    func bind(_ index: Int32, blob bytes: UnsafeRawBufferPointer, copied: Bool)
    func bindNull(_ index: Int32)
    /// Moves to the next row; resets itself after the last one, and after an error.
    func step() throws -> Bool
    /// Runs an INSERT of one row to its end; the id that the engine gave to the row.
    func insert() throws -> Int64
    func reset()
    func clearBindings()
    func isNull(_ column: Int32) -> Bool
    func integer(_ column: Int32) -> Int64
    func text(_ column: Int32) -> UnsafeRawBufferPointer
    func blob(_ column: Int32) -> UnsafeRawBufferPointer
    func value(_ column: Int32) -> SQLValue
}
