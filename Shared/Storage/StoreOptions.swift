/// How a store is tuned; the defaults suit a service with small rows.
package struct StoreOptions: Sendable {
    /// Bytes a page, a power of two up to 65,536; fixed when the file is made.
    package var pageSize = 4_096
    /// Page cache of the writing connection.
    package var cacheKiB = 65_536
    /// Page cache of each reading connection.
    package var readerCacheKiB = 8_192
    /// Reading connections, each with a thread of its own.
    package var readers = 2
    /// Bytes of write-ahead log after which it is copied into the database.
    package var checkpointBytes = 8 << 20
    /// Callers that may wait for the writer; one more is refused with `overloaded`.
    package var maximumWaitingWrites = 8_192
    /// Callers that may wait for a reader; one more is refused with `overloaded`.
    package var maximumWaitingReads = 8_192
    /// Callers that may share one transaction.
    package var maximumGroup = 512
    /// A transaction that has worked for this long takes no further caller.
    package var maximumGroupMilliseconds = 10
    /// While callers wait, maintenance gets at most one slice in this time.
    package var maintenanceIntervalMilliseconds = 20
    /// Files up to this size are checked page by page when they are opened.
    package var checkedBytes = 64 << 20
    /// Accept a store that is older than its anchor says: an operator has restored it knowingly.
    package var acceptsRestoredStore = false

    /// Called on the writer's thread when work that had succeeded is undone after all, because its
    /// group found no space: memory that follows the store must be read from it again before the
    /// next closure uses it (D-02).
    package var onLostWork: @Sendable () -> Void = {}

    package init() {}
}
