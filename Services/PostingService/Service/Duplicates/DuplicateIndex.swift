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
    private var filter: HashFilter
    private var tail: HashTail
    private(set) var runs: [SortedRun] = []
    private var merge: RunMerge?
    /// Runs whose parts are still to be deleted, with the first part not yet deleted.
    private var obsolete: [(id: Int64, parts: Int, deleted: Int)] = []
    private var nextRun: Int64 = 1

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
            if statement.int64(0) == keys.source, statement.text(1).elementsEqual(keys.text(row)) {
                rows.append(row)
            }
        }
        return rows
    }
}

// MARK: Maintenance

extension DuplicateIndex {
    /// Whether a call of `maintain` would find work.
    var needsMaintenance: Bool {
        filter.shouldGrow || tail.count >= limits.tailEntries || merge != nil || !obsolete.isEmpty
            || mergeableRuns() != nil
    }

    /// Does one slice of work, at most 2 MB written; true where more waits.
    func maintain(in transaction: WriteTransaction) throws -> Bool {
        if filter.shouldGrow {
            filter.grow()
        } else if tail.count >= limits.tailEntries {
            try flush(in: transaction)
        } else if let merge {
            try advance(merge, in: transaction)
        } else if !obsolete.isEmpty {
            try deleteObsolete(in: transaction)
        } else if let inputs = mergeableRuns() {
            try beginMerge(inputs, in: transaction)
        }
        return needsMaintenance
    }

    /// Writes the oldest entries of the tail as a run of level 0.
    func flush(in transaction: WriteTransaction) throws {
        let count = min(tail.count, limits.newRunEntries)
        guard count > 0 else { return }
        let sorted = HashSort.sorted(
            tail.hashes.prefix(count).enumerated().map {
                HashedPlace(hash: $0.element, place: UInt32($0.offset))
            }
        )
        var run = SortedRun(
            id: nextRun,
            level: 0,
            firstEntry: tail.firstEntry,
            entries: count,
            partStarts: []
        )
        var part = [UInt8](repeating: 0, count: RunParts.rowsPerPart * RunParts.rowBytes)
        var start = 0
        while start < count {
            let end = min(start + RunParts.rowsPerPart, count)
            part.withUnsafeMutableBytes { bytes in
                for index in start..<end {
                    RunParts.put(
                        sorted[index].hash,
                        sorted[index].place,
                        at: index - start,
                        into: bytes
                    )
                }
            }
            try part.withUnsafeBytes { bytes in
                let used = UnsafeRawBufferPointer(
                    rebasing: bytes[..<((end - start) * RunParts.rowBytes)]
                )
                try RunParts.insert(
                    run: run.id,
                    part: run.partStarts.count,
                    bytes: used,
                    in: transaction
                )
            }
            run.partStarts.append(sorted[start].hash)
            start = end
        }
        try RunDirectory.insert(run, state: .live, in: transaction)
        runs.append(run)
        nextRun += 1
        tail.removeFirst(count)
    }

    /// The oldest runs of a level that has enough of them.
    private func mergeableRuns() -> [SortedRun]? {
        guard merge == nil else { return nil }
        for level in 0...(runs.first?.level ?? 0) {
            let same = runs.filter { $0.level == level }
            if same.count >= limits.mergeWidth { return Array(same.prefix(limits.mergeWidth)) }
        }
        return nil
    }

    private func beginMerge(
        _ inputs: [SortedRun],
        in transaction: WriteTransaction
    ) throws {
        let started = RunMerge(inputs, id: nextRun)
        try RunDirectory.insert(started.output, state: .building, in: transaction)
        nextRun += 1
        merge = started
    }

    private func advance(
        _ current: RunMerge,
        in transaction: WriteTransaction
    ) throws {
        var next = current
        guard try next.writeSlice(in: transaction) else {
            merge = next
            return
        }
        try RunDirectory.delete(next.output.id, in: transaction)
        try RunDirectory.insert(next.output, state: .live, in: transaction)
        for input in next.inputs {
            try RunDirectory.set(.obsolete, of: input.id, in: transaction)
        }
        let merged = Set(next.inputs.map(\.id))
        runs = (runs.filter { !merged.contains($0.id) } + [next.output])
            .sorted { $0.firstEntry < $1.firstEntry }
        obsolete += next.inputs.map { ($0.id, $0.partStarts.count, 0) }
        merge = nil
    }

    private func deleteObsolete(in transaction: WriteTransaction) throws {
        var run = obsolete[0]
        let end = min(run.deleted + RunParts.partsPerSlice, run.parts)
        try RunParts.delete(run: run.id, parts: run.deleted..<end, in: transaction)
        run.deleted = end
        if end == run.parts {
            try RunDirectory.delete(run.id, in: transaction)
            obsolete.removeFirst()
        } else {
            obsolete[0] = run
        }
    }
}

// MARK: Start

extension DuplicateIndex {
    /// Reads runs and entries; afterwards runs and tail cover 1 to the newest entry without a gap.
    ///
    /// Runs up to the first gap are taken; what stands behind one, a merge cut short and merged runs
    /// are deleted, and the entries that are then uncovered are hashed again.
    ///
    /// - Throws: `LedgerFault.entryIsMissing` where entry ids have a gap: the store is damaged.
    func load(in transaction: WriteTransaction) throws {
        for row in try RunDirectory.all(in: transaction) {
            nextRun = max(nextRun, row.run.id + 1)
            var run = row.run
            if row.state == .live, run.firstEntry == tail.firstEntry,
                try readParts(of: &run, in: transaction)
            {
                runs.append(run)
                tail = HashTail(firstEntry: run.endEntry)
            } else {
                try RunDirectory.delete(run.id, in: transaction)
            }
        }
        try RunParts.deleteAll(except: runs.map(\.id), in: transaction)
        try readEntries(in: transaction)
    }

    /// Adds a run's hashes to the filter; false where a part is missing or the count is wrong.
    private func readParts(
        of run: inout SortedRun,
        in transaction: WriteTransaction
    ) throws -> Bool {
        let statement = try transaction.statement(
            "SELECT id, b FROM dup_run WHERE id >= ?1 AND id < ?2 ORDER BY id"
        )
        defer { statement.reset() }
        statement.bind(1, RunParts.key(run: run.id, part: 0))
        statement.bind(2, RunParts.key(run: run.id + 1, part: 0))
        var rows = 0
        while try statement.step() {
            let bytes = statement.blob(1)
            let expected = RunParts.key(run: run.id, part: run.partStarts.count)
            let count = bytes.count / RunParts.rowBytes
            guard statement.int64(0) == expected, count > 0 else { return false }
            let hashes = (0..<count).map { RunParts.hash(bytes, $0) }
            run.partStarts.append(hashes[0])
            hashes.withUnsafeBufferPointer { filter.insert($0) }
            rows += count
        }
        return rows == run.entries
    }

    private func readEntries(in transaction: WriteTransaction) throws {
        while try readEntriesOfOneRun(in: transaction) {
            try flush(in: transaction)
        }
    }

    /// Hashes entries that follow the tail; true where the tail is full and more may follow.
    private func readEntriesOfOneRun(in transaction: WriteTransaction) throws -> Bool {
        let statement = try transaction.statement(
            "SELECT id, source, source_tx FROM entry WHERE id >= ?1 ORDER BY id"
        )
        defer { statement.reset() }
        statement.bind(1, nextEntry)
        var hashes: [UInt64] = []
        var next = nextEntry
        while tail.count + hashes.count < limits.newRunEntries {
            guard try statement.step() else {
                hashes.withUnsafeBufferPointer { add($0) }
                return false
            }
            guard statement.int64(0) == next else { throw LedgerFault.entryIsMissing(next) }
            hashes.append(hash.hash(source: statement.int64(1), text: statement.text(2)))
            next += 1
        }
        hashes.withUnsafeBufferPointer { add($0) }
        return true
    }
}
