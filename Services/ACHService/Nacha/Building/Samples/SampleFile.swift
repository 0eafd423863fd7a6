/// Valid files of every class, made from a seed: for tests, benchmarks and `bursar ach sample`.
///
/// The same options and seed give the same bytes, on every machine. Names, numbers and addresses are
/// invented; routing numbers have the form and check digit of real ones.
package enum SampleFile {
    /// A file as a model.
    ///
    /// Refuses an answer that the class does not have, and more entries than a batch or file holds.
    package static func make(
        _ options: SampleOptions,
        seed: UInt64
    ) throws(BuildingFaults) -> NachaFile {
        var source = try SampleSource(options, seed: seed)
        var file = NachaFile(header: try source.fileHeader(), batches: [], form: options.form)
        var sequence: UInt32 = 1
        for _ in 0..<options.batchCount {
            var batch = NachaBatch(header: try source.nextBatchHeader())
            batch.entries.reserveCapacity(options.entriesPerBatch)
            let odfi = UInt32(batch.header.number(80, 87))
            if options.entryClass == .adv { sequence = 1 }
            for _ in 0..<options.entriesPerBatch {
                let trace = TraceNumber(unchecked: odfi, sequence)
                batch.entries.append(try source.nextEntry().entry(trace: trace))
                sequence += 1
            }
            file.batches.append(batch)
        }
        do {
            return try file.closed()
        } catch {
            throw BuildingFaults([error])
        }
    }

    /// The bytes of the same file, handed over piece by piece: memory does not grow with the file.
    ///
    /// Throws what `make` does, and what `body` throws.
    package static func write(
        _ options: SampleOptions,
        seed: UInt64,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var source = try SampleSource(options, seed: seed)
        var writer = FileWriter(header: try source.fileHeader(), form: options.form)
        for _ in 0..<options.batchCount {
            try writer.openBatch(source.nextBatchHeader())
            for _ in 0..<options.entriesPerBatch {
                try writer.write(source.nextEntry())
                try writer.drain(body)
            }
            try writer.closeBatch()
        }
        try writer.finish()
        try writer.drain(above: 0, body)
    }
}
