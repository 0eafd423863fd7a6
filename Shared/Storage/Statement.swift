/// A prepared statement with its parameters and the row that it stands on.
///
/// Parameters count from 1 (`?1, ?2, …`), columns from 0. It belongs to the transaction that gave
/// it. A parameter that could not be bound makes the next `step` throw.
package struct Statement {
    let base: any EngineStatement

    /// Makes ready for new parameters; those that stand are kept.
    package func reset() { base.reset() }

    /// Moves to the next row; false when there is none.
    ///
    /// Throws `StoreError`; after an error or the last row the statement is reset.
    package func step() throws -> Bool { try base.step() }

    /// Runs an INSERT of one row to its end and returns the id that the store gave to the row.
    ///
    /// The table's id is its integer primary key; where the row brings its own, it is that one. An
    /// INSERT that may do nothing (`ON CONFLICT DO NOTHING`) has no id to return: ask it with
    /// `RETURNING`.
    package func insert() throws -> Int64 { try base.insert() }

    // MARK: Parameters

    package func bind(_ index: Int32, _ value: Int64) { base.bind(index, integer: value) }

    package func bind(_ index: Int32, _ value: String) {
        var value = value
        value.withUTF8 { base.bind(index, text: UnsafeRawBufferPointer($0), copied: true) }
    }

    /// Binds UTF-8 text without a copy: the bytes must stay until the statement has been stepped.
    package func bind(_ index: Int32, text: UnsafeRawBufferPointer) {
        base.bind(index, text: text, copied: false)
    }

    /// Binds bytes without a copy: they must stay until the statement has been stepped.
    package func bind(_ index: Int32, blob: UnsafeRawBufferPointer) {
        base.bind(index, blob: blob, copied: false)
    }

    package func bind(_ index: Int32, blob: [UInt8]) {
        blob.withUnsafeBytes { base.bind(index, blob: $0, copied: true) }
    }

    package func bindNull(_ index: Int32) { base.bindNull(index) }

    package func bind(_ index: Int32, _ value: SQLValue) {
        switch value {
        case .null: bindNull(index)
        case .integer(let number): bind(index, number)
        case .text(let text): bind(index, text)
        case .blob(let bytes): bind(index, blob: bytes)
        }
    }

    // MARK: Columns

    package func isNull(_ column: Int32) -> Bool { base.isNull(column) }

    /// The integer; 0 where the column is null.
    package func int64(_ column: Int32) -> Int64 { base.integer(column) }

    /// The text; empty where the column is null.
    package func string(_ column: Int32) -> String { String(decoding: text(column), as: UTF8.self) }

    /// The bytes of a text column; valid until the next step or reset.
    package func text(_ column: Int32) -> UnsafeRawBufferPointer { base.text(column) }

    /// The bytes of a blob column; valid until the next step or reset.
    package func blob(_ column: Int32) -> UnsafeRawBufferPointer { base.blob(column) }

    /// The integer; nil where the column is null.
    package func optionalInteger(_ column: Int32) -> Int64? {
        isNull(column) ? nil : int64(column)
    }

    /// The text; nil where the column is null.
    package func optionalString(_ column: Int32) -> String? {
        isNull(column) ? nil : string(column)
    }

    package func value(_ column: Int32) -> SQLValue { base.value(column) }
}
