/// Bounds of what payments do.
enum PaymentLimits {
    /// Payments of one deletion.
    static let deletedPayments = 100_000
    /// Batches that the selection of a deletion may mean, posted ones among them.
    static let selectedBatches = 20_000
    /// Changes of a batch that its history shows, the newest ones.
    static let historyRows = 1_000
}
