internal import BatchRules
internal import JSON
internal import NIOCore
internal import Protocol
internal import Storage
package import Transport

/// Reads batches and payments; whoever has the scope sees all of them.
package struct BatchReading: Sendable {
    let parts: PaymentParts

    package init(_ parts: PaymentParts) { self.parts = parts }

    /// A page of a list.
    package struct Page: Sendable {
        package var body: [UInt8]
        package var count: Int64
        /// Nil where the page is empty: then the page before was the last.
        package var continuationKey: String?

        package var outgoing: OutgoingReply {
            var metadata: [String: MetadataValue] = ["x_count": .integer(count)]
            if let continuationKey { metadata["continuation_key"] = .string(continuationKey) }
            return OutgoingReply(body: ByteBuffer(bytes: body), metadata: metadata)
        }
    }

    /// Batches, newest first (`batch.batches.list`).
    package func batches(_ body: [UInt8], for account: String) async throws -> Page {
        let request = try body.withUnsafeBytes {
            try StrictJSON.decodeRequest(ListRequest.self, from: $0)
        }
        let asked = try await PageRequest(
            "batches",
            of: account,
            filters: request.filters ?? [:],
            pagesize: request.pagesize,
            key: request.continuationKey,
            parts
        )
        let filter = try BatchFilter(asked.filters)
        var (page, last) = try await parts.store.read { try Self.batches(asked, filter, in: $0) }
        page.continuationKey = try await asked.next(after: last)
        return page
    }

    private static func batches(
        _ page: PageRequest,
        _ filter: BatchFilter,
        in transaction: ReadTransaction
    ) throws -> (Page, last: Int64?) {
        let filtered = filter.conditions
        let count = try transaction.integer(
            "SELECT COUNT(*) FROM payment_batch WHERE \(filtered.joined(separator: " AND "))",
            filter.values
        )
        var values = filter.values
        values.append(.integer(page.last ?? .max))
        values.append(.integer(Int64(page.size)))
        let conditions = filtered + ["id < ?\(values.count - 1)"]
        var rows: [BatchRow] = []
        try transaction.rows(
            """
            SELECT \(BatchRow.columns) FROM payment_batch
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY id DESC LIMIT ?\(values.count)
            """,
            values
        ) { rows.append(BatchRow($0)) }
        let text = try JSONWriter.array(reserving: 64 + rows.count * 900) { text in
            for row in rows { text.append(row, try Tender.load(row.id, in: transaction)) }
        }
        return (Page(body: text, count: count ?? 0), rows.last?.id)
    }

    /// One batch (`batch.batches.get`).
    package func batch(_ body: [UInt8]) async throws -> [UInt8] {
        let id = try Self.identifier("batch_id", in: body)
        return try await parts.store.read { transaction in
            guard let row = try BatchRow.load(id, in: transaction) else { throw RPCError.notFound }
            var text = JSONWriter(reserving: 1_024)
            text.append(row, try Tender.load(id, in: transaction))
            return text.bytes
        }
    }

    /// What has happened to a batch, oldest first (`batch.batches.history`).
    package func history(_ body: [UInt8]) async throws -> [UInt8] {
        let id = try Self.identifier("batch_id", in: body)
        return try await parts.store.read { transaction in
            guard try BatchRow.load(id, in: transaction) != nil else { throw RPCError.notFound }
            var rows: [[UInt8]] = []
            try transaction.rows(
                """
                SELECT at, actor, action, from_status, to_status, workflow_step, note, content_hash
                FROM payment_batch_history WHERE batch_id = ?1 ORDER BY id DESC LIMIT ?2
                """,
                [.integer(id), .integer(Int64(PaymentLimits.historyRows))]
            ) { rows.append(Self.change($0)) }
            return JSONWriter.array(reserving: rows.count * 300) { text in
                for row in rows.reversed() { text.value(json: row) }
            }
        }
    }

    private static func change(_ row: Statement) -> [UInt8] {
        JSONWriter.object { text in
            text.member("at", moment: row.int64(0))
            text.member("actor", row.string(1))
            text.member("action", row.string(2))
            text.member("from", row.string(3).isEmpty ? nil : row.string(3))
            text.member("to", row.string(4))
            text.member("workflow_step", row.optionalInteger(5))
            text.member("note", row.string(6))
            text.member("content_hash", hash: Array(row.blob(7)))
        }
    }

    /// One payment (`batch.payments.get`).
    package func payment(_ body: [UInt8]) async throws -> [UInt8] {
        let id = try Self.identifier("payment_id", in: body)
        return try await parts.store.read { transaction in
            guard let payment = try PaymentRow.load(id, in: transaction),
                let batch = try BatchRow.load(payment.batchID, in: transaction)
            else { throw RPCError.notFound }
            var text = JSONWriter(reserving: 512)
            text.append(payment, in: batch.machine.status)
            return text.bytes
        }
    }

    /// The payments of a batch in the order in which they came (`batch.payments.list`).
    package func payments(_ body: [UInt8], for account: String) async throws -> Page {
        var fields = try FieldReader.reading(body)
        let id = try fields.pathIdentifier("batch_id")
        let pagesize = fields.string("pagesize")
        let key = fields.string("continuation_key", maximumBytes: 1_024)
        try fields.finish()
        let asked = try await PageRequest(
            "payments of \(id)",
            of: account,
            pagesize: pagesize,
            key: key,
            parts
        )
        var (page, last) = try await parts.store.read { try Self.payments(of: id, asked, in: $0) }
        page.continuationKey = try await asked.next(after: last)
        return page
    }

    private static func payments(
        of id: Int64,
        _ page: PageRequest,
        in transaction: ReadTransaction
    ) throws -> (Page, last: Int64?) {
        guard let batch = try BatchRow.load(id, in: transaction) else { throw RPCError.notFound }
        let count = try transaction.integer(
            "SELECT COUNT(*) FROM payment WHERE batch_id = ?1",
            [.integer(id)]
        )
        var rows: [PaymentRow] = []
        try transaction.rows(
            """
            SELECT \(PaymentRow.columns) FROM payment WHERE batch_id = ?1 AND id > ?2
            ORDER BY id LIMIT ?3
            """,
            [.integer(id), .integer(page.last ?? 0), .integer(Int64(page.size))]
        ) { rows.append(PaymentRow($0)) }
        let text = JSONWriter.array(reserving: 64 + rows.count * 500) { text in
            for row in rows { text.append(row, in: batch.machine.status) }
        }
        return (Page(body: text, count: count ?? 0), rows.last?.id)
    }

    private static func identifier(_ name: String, in body: [UInt8]) throws(RPCError) -> Int64 {
        var fields = try FieldReader.reading(body)
        let id = try fields.pathIdentifier(name)
        try fields.finish()
        return id
    }
}
