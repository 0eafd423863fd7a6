import Storage

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
