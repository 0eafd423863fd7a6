/// How a SQLite file is laid out and tuned; the defaults suit a service with small rows.
package struct SQLiteOptions: Sendable {
    /// Bytes a page, a power of two up to 65,536; fixed when the file is made.
    package var pageSize = 4_096
    /// Page cache of the writing connection.
    package var cacheKiB = 65_536
    /// Page cache of each reading connection.
    package var readerCacheKiB = 8_192
    /// Bytes of write-ahead log after which it is copied into the database.
    package var checkpointBytes = 8 << 20
    /// Files up to this size are checked page by page when they are opened.
    package var checkedBytes = 64 << 20
    /// Accept a store that is older than its anchor says: an operator has restored it knowingly.
    package var acceptsRestoredStore = false

    package init() {}
}
