internal import Nacha

/// What building has counted so far: numbers of batches, traces and addenda.
struct BuildingState {
    /// The sequence number of the next trace, ascending through the whole file.
    var nextSequence: UInt64 = 1
    var lastBatchNumber: UInt64 = 0
    /// Entries of the open batch, which number those of ADV.
    var entriesOfBatch = 0
    /// Addenda of the open entry by their kind.
    var addenda: [RecordKind: Int] = [:]
    /// Whether the service class of the open batch follows from its entries.
    var needsServiceClass = false
    /// The batches whose service class follows from their entries.
    var batchesWithoutServiceClass: Set<Int> = []

    mutating func beginBatch() {
        entriesOfBatch = 0
        needsServiceClass = false
    }

    mutating func beginEntry() { addenda = [:] }
}
