/// Joins batches whose headers differ in nothing but their number.
///
/// Kept apart are batches of forward entries, returns and changes (design 3.7, "forward and return
/// entries not in one batch"), and ADV batches whose operator's data in the control differ, since
/// nothing of it may be lost. Batches come out in the order in which the first of each kind came in.
struct BatchJoiner {
    /// What batches that are joined have in common.
    private struct Key: Hashable {
        /// The header with blanks where its number stands.
        let header: Record
        /// The kind of answer that its entries are; nil for forward entries.
        let answer: RecordKind?
        /// Positions 61-79 of an ADV control.
        let operatorData: String?
    }

    private var places: [Key: Int] = [:]
    private var groups: [[NachaBatch]] = []

    /// Takes a batch in.
    mutating func add(_ batch: NachaBatch) {
        var header = batch.header
        header.write("", 88, 94)
        let key = Key(
            header: header,
            answer: batch.entries.first?.answerKind,
            operatorData: batch.entryClass == .adv ? batch.control?.text(61, 79) : nil
        )
        if let place = places[key] {
            groups[place].append(batch)
        } else {
            places[key] = groups.count
            groups.append([batch])
        }
    }

    /// The joined batches, entries ascending by trace number, none twice in a batch; those of ADV by
    /// their sequence number of four digits.
    ///
    /// An entry whose trace number is taken goes to a further batch with the same header: as many
    /// batches come of a group as its most frequent trace number has entries. Where trace numbers
    /// are not kept, all stay together.
    func joined(keepsTraces: Bool = true) -> [NachaBatch] {
        groups.flatMap { Self.join($0, keepsTraces) }
    }

    private static func join(_ group: [NachaBatch], _ keepsTraces: Bool) -> [NachaBatch] {
        guard var first = group.first else { return [] }
        let entries = group.count == 1 ? first.entries : group.flatMap(\.entries)
        let isAdvice = first.entryClass == .adv
        let traces = entries.map { isAdvice ? $0.adviceSequence : $0.traceNumber }
        // Files of one system are often in order already: then nothing is copied or sorted.
        if zip(traces, traces.dropFirst()).allSatisfy({ $0 < $1 }) {
            first.entries = entries
            return [first]
        }
        // Entries with one trace number stay in the order in which they came.
        let order = traces.indices.sorted { (traces[$0], $0) < (traces[$1], $1) }
        var layers: [[EntryDetail]] = []
        var layer = 0
        var last: UInt64?
        for index in order {
            layer = keepsTraces && traces[index] == last ? layer + 1 : 0
            last = traces[index]
            if layer == layers.count { layers.append([]) }
            layers[layer].append(entries[index])
        }
        return layers.map { layer in
            var batch = first
            batch.entries = layer
            return batch
        }
    }
}
