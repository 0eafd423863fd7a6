/// How a store gathers and bounds its callers, over any engine; the defaults suit small rows.
package struct StoreOptions: Sendable {
    /// Reading sessions, each with a thread of its own.
    package var readers = 2
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

    /// Called on the writer's thread when work that had succeeded is undone after all, because its
    /// group found no space: memory that follows the store must be read from it again before the
    /// next closure uses it (D-02).
    package var onLostWork: @Sendable () -> Void = {}

    package init() {}
}
