internal import JSON
internal import Protocol
internal import Storage

/// Reads journal runs; whoever has the scope sees all of them.
package struct JournalReading: Sendable {
    let parts: PaymentParts

    package init(_ parts: PaymentParts) { self.parts = parts }

    /// One run with its listing (`batch.journal.get`).
    package func run(_ body: [UInt8]) async throws -> [UInt8] {
        var fields = try FieldReader.reading(body)
        let id = try fields.pathIdentifier("run_id")
        try fields.finish()
        return try await parts.store.read { transaction in
            guard let run = try JournalRunRow.load(id, in: transaction) else {
                throw RPCError.notFound
            }
            var text = JSONWriter()
            try run.append(run.batches(in: transaction), to: &text)
            return text.bytes
        }
    }

    /// Runs, newest first (`batch.journal.list`).
    package func runs(
        _ body: [UInt8],
        for account: String
    ) async throws -> (body: [UInt8], continuationKey: String?) {
        var fields = try FieldReader.reading(body)
        let size = fields.string("pagesize")
        let key = fields.string("continuation_key", maximumBytes: 4_096)
        try fields.finish()
        let page = try await PageRequest("journals", of: account, pagesize: size, key: key, parts)
        let (reply, last) = try await parts.store.read { transaction in
            let runs = try JournalRunRow.below(
                page.last ?? .max,
                limit: page.size,
                in: transaction
            )
            let text = try JSONWriter.array(reserving: 64 + runs.count * 600) { text in
                for run in runs { try run.append(run.batches(in: transaction), to: &text) }
            }
            return (text, runs.last?.id)
        }
        return (reply, try await page.next(after: last))
    }
}
