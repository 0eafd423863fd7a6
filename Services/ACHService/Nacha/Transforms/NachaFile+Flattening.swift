extension NachaFile {
    /// The file with as few batches as its batch headers allow.
    ///
    /// Batches are joined where their headers are the same but for the number; entries ascend by
    /// trace number, and one whose trace number is taken goes to a further batch with that header.
    /// A batch that would pass 999,999 entries and addenda, or the width of its totals, is divided.
    /// Entries stay as they are. The result is numbered from 1 and closed; without a file header it
    /// stays without one.
    ///
    /// Source: design 3.10, "Flatten batches".
    package func flattened() throws(TransformFault) -> NachaFile {
        var joiner = BatchJoiner()
        for batch in batches where !batch.entries.isEmpty { joiner.add(batch) }
        var flat: [NachaBatch] = []
        for batch in joiner.joined() { flat += try batch.piecesWithinRules() }
        return try .closed(header: header, modifier: nil, batches: flat)
    }
}
