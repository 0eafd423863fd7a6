internal import CSQLite

/// A prepared statement with its parameters and the row that it stands on.
///
/// Parameters count from 1, columns from 0. It belongs to the transaction that gave it and is reset
/// when it is asked for again; two uses of one text must not overlap.
package final class Statement {
    private let handle: OpaquePointer
    private unowned let connection: SQLiteConnection

    init(_ handle: OpaquePointer, of connection: SQLiteConnection) {
        self.handle = handle
        self.connection = connection
    }

    deinit { sqlite3_finalize(handle) }

    /// Makes ready for new parameters.
    package func reset() {
        sqlite3_reset(handle)
    }

    /// Moves to the next row; false when there is none.
    ///
    /// Throws `StoreError`; after an error or the last row the statement is reset.
    package func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW:
            return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        default:
            let error = connection.lastError()
            sqlite3_reset(handle)
            throw error
        }
    }

    // MARK: Parameters

    package func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(handle, index, value) }

    package func bind(_ index: Int32, _ value: String) {
        var value = value
        value.withUTF8 {
            bind(index, bytes: UnsafeRawBufferPointer($0), lives: false, isText: true)
        }
    }

    /// Binds text without a copy: the bytes must stay until the statement has been stepped.
    package func bind(_ index: Int32, text: UnsafeRawBufferPointer) {
        bind(index, bytes: text, lives: true, isText: true)
    }

    /// Binds bytes without a copy: they must stay until the statement has been stepped.
    package func bind(_ index: Int32, blob: UnsafeRawBufferPointer) {
        bind(index, bytes: blob, lives: true, isText: false)
    }

    package func bind(_ index: Int32, blob: [UInt8]) {
        blob.withUnsafeBytes { bind(index, bytes: $0, lives: false, isText: false) }
    }

    package func bindNull(_ index: Int32) { sqlite3_bind_null(handle, index) }

    package func bind(_ index: Int32, _ value: SQLValue) {
        switch value {
        case .null: bindNull(index)
        case .integer(let number): bind(index, number)
        case .text(let text): bind(index, text)
        case .blob(let bytes): bind(index, blob: bytes)
        }
    }

    private func bind(_ index: Int32, bytes: UnsafeRawBufferPointer, lives: Bool, isText: Bool) {
        // A null pointer would bind NULL; an empty value is not one.
        let destructor = lives ? nil : unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        guard let base = bytes.baseAddress, !bytes.isEmpty else {
            if isText {
                sqlite3_bind_text(handle, index, "", 0, nil)
            } else {
                sqlite3_bind_zeroblob(handle, index, 0)
            }
            return
        }
        if isText {
            let text = base.assumingMemoryBound(to: CChar.self)
            sqlite3_bind_text(handle, index, text, Int32(bytes.count), destructor)
        } else {
            sqlite3_bind_blob(handle, index, base, Int32(bytes.count), destructor)
        }
    }

    // MARK: Columns

    package func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    package func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    package func string(_ column: Int32) -> String { String(decoding: text(column), as: UTF8.self) }

    /// The bytes of a text column; valid until the next step or reset.
    package func text(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_text(handle, column)
        let count = sqlite3_column_bytes(handle, column)
        return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(count))
    }

    /// The bytes of a blob column; valid until the next step or reset.
    package func blob(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, column)
        let count = sqlite3_column_bytes(handle, column)
        return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(count))
    }

    package func value(_ column: Int32) -> SQLValue {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_INTEGER: .integer(int64(column))
        case SQLITE_NULL: .null
        case SQLITE_BLOB: .blob(Array(blob(column)))
        default: .text(string(column))
        }
    }
}
