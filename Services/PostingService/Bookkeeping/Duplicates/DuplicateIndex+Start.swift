import Storage

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
            hashes.append(
                hash.hash(source: statement.int64(1), transactionID: statement.text(2))
            )
            next += 1
        }
        hashes.withUnsafeBufferPointer { add($0) }
        return true
    }
}
