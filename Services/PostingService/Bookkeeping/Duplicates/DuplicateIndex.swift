import Storage

/// Which (source, source transaction id) are committed: exact, and as quick at any size.
///
/// Hashes of all committed entries are in a filter; the few ids that it cannot exclude are looked up
/// in the tail (memory) and in sorted runs (table `dup_run`), and the entry's own text decides. The
/// index is derived: entries alone are the truth, and a run that is missing is made again from them.
///
/// Confined to the store's writer. A method that changes memory does so after its last statement, so
/// that memory never runs ahead of the store.
final class DuplicateIndex {
    /// Sizes; tests shrink them so that a few thousand entries pass through every stage.
    struct Limits {
        /// Entries in the tail at which it becomes a run.
        var tailEntries = 65_536
        /// Largest number of entries in a new run: 2 MB.
        var newRunEntries = RunParts.rowsPerPart * RunParts.partsPerSlice
        /// Runs of one level that are merged into one of the next.
        var mergeWidth = 8
        var filterKeys = HashFilter.firstLayerKeys
    }

    let hash: KeyedHash
    let limits: Limits
    var filter: HashFilter
    var tail: HashTail
    var runs: [SortedRun] = []
    var merge: RunMerge?
    /// Runs whose parts are still to be deleted, with the first part not yet deleted.
    var obsolete: [(id: Int64, parts: Int, deleted: Int)] = []
    var nextRun: Int64 = 1

    /// An index of nothing; `load` fills it from the store.
    init(key: [UInt8], limits: Limits = Limits()) {
        hash = KeyedHash(key: key)
        self.limits = limits
        filter = HashFilter(firstKeys: limits.filterKeys)
        tail = HashTail(firstEntry: 1)
    }

    /// Id of the next entry, by what the index covers.
    var nextEntry: Int64 { tail.firstEntry + Int64(tail.count) }

    /// Adds the hashes of entries that follow on the last one; call it after all SQL has succeeded.
    func add(_ hashes: UnsafeBufferPointer<UInt64>) {
        filter.insert(hashes)
        tail.append(hashes)
    }

    /// Rows of `keys` whose id is committed for the source, in no order.
    func committed(
        _ keys: SourceKeys,
        hashes: UnsafeBufferPointer<UInt64>,
        in transaction: ReadTransaction
    ) throws -> [Int] {
        var candidates: [HashedPlace] = []
        filter.candidates(hashes) { place in
            candidates.append(HashedPlace(hash: hashes[place], place: UInt32(place)))
        }
        guard !candidates.isEmpty else { return [] }
        if candidates.count > 1 { candidates = HashSort.sorted(candidates) }
        var matches: [Match] = []
        for candidate in candidates {
            tail.entries(with: candidate.hash) {
                matches.append(Match(entry: $0, row: candidate.place))
            }
        }
        for run in runs { try search(run, candidates, &matches, in: transaction) }
        return try confirm(&matches, keys, in: transaction)
    }
}

/// The texts that hashes were made of: one source, many ids.
struct SourceKeys {
    let source: Int64
    let text: (Int) -> UnsafeRawBufferPointer
}

/// An entry that may hold the id of a row.
private struct Match {
    var entry: Int64
    var row: UInt32
}

extension DuplicateIndex {
    /// Adds the entries of `run` whose hash is that of a candidate; candidates are sorted by hash.
    private func search(
        _ run: SortedRun,
        _ candidates: [HashedPlace],
        _ matches: inout [Match],
        in transaction: ReadTransaction
    ) throws {
        let statement = try transaction.statement("SELECT b FROM dup_run WHERE id = ?1")
        defer { statement.reset() }
        var loaded = -1
        var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        for candidate in candidates {
            var part = Self.firstPart(of: run, for: candidate.hash)
            while part < run.partStarts.count, run.partStarts[part] <= candidate.hash {
                if part != loaded {
                    statement.reset()
                    statement.bind(1, RunParts.key(run: run.id, part: part))
                    guard try statement.step() else {
                        throw LedgerFault.runIsDamaged(run: run.id, part: part)
                    }
                    bytes = statement.blob(0)
                    loaded = part
                }
                var row = RunParts.lowerBound(bytes, candidate.hash)
                let rows = bytes.count / RunParts.rowBytes
                while row < rows, RunParts.hash(bytes, row) == candidate.hash {
                    let entry = run.firstEntry + Int64(RunParts.offset(bytes, row))
                    matches.append(Match(entry: entry, row: candidate.place))
                    row += 1
                }
                part += 1
            }
        }
    }

    /// The part before the first that begins at or above `hash`: equal hashes may span parts.
    private static func firstPart(of run: SortedRun, for hash: UInt64) -> Int {
        var low = 0
        var high = run.partStarts.count
        while low < high {
            let middle = (low + high) / 2
            if run.partStarts[middle] < hash { low = middle + 1 } else { high = middle }
        }
        return max(low - 1, 0)
    }

    /// Rows whose text is that of the entry, entries read in order of their ids.
    private func confirm(
        _ matches: inout [Match],
        _ keys: SourceKeys,
        in transaction: ReadTransaction
    ) throws -> [Int] {
        guard !matches.isEmpty else { return [] }
        matches.sort { $0.entry < $1.entry }
        let statement = try transaction.statement(
            "SELECT source, source_tx FROM entry WHERE id = ?1"
        )
        defer { statement.reset() }
        var rows: [Int] = []
        for match in matches {
            statement.reset()
            statement.bind(1, match.entry)
            guard try statement.step() else {
                throw LedgerFault.entryIsMissing(match.entry)
            }
            let row = Int(match.row)
            if statement.int64(0) == keys.source,
                SourceTransactionID.areSame(statement.text(1), keys.text(row))
            {
                rows.append(row)
            }
        }
        return rows
    }
}
