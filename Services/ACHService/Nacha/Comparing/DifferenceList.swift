/// Collects differences up to a limit for each weight, and counts them all.
struct DifferenceList {
    private let limit: Int
    private(set) var differences: [FileDifference] = []
    private(set) var counts: [FileDifference.Weight: Int] = [:]

    init(limit: Int) { self.limit = limit }

    /// Keeps a difference, or counts it where its weight has reached the limit.
    mutating func add(_ difference: FileDifference) {
        let count = counts[difference.weight, default: 0]
        counts[difference.weight] = count + 1
        if count < limit { differences.append(difference) }
    }

    /// In the order of the lines: those of the old file, or of the new one for what was added.
    ///
    /// What stands on the same line stays in the order in which it was found.
    mutating func sort() {
        let lines = differences.map { $0.old?.line ?? $0.new?.line ?? 0 }
        let order = differences.indices.sorted { (lines[$0], $0) < (lines[$1], $1) }
        differences = order.map { differences[$0] }
    }
}
