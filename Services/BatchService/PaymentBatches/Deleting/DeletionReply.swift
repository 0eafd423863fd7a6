internal import BatchRules
internal import JSON

extension DeletionPlan {
    /// The answer: what is deleted, and what is left for which reason.
    func reply(isDryRun: Bool) throws -> [UInt8] {
        try JSONWriter.object { text in
            text.member("dry_run", isDryRun)
            text.member("count", count)
            text.member("total", amount: try total)
            try text.array("batches") { text in
                for batch in batches { try text.object { try Self.append(batch, to: &$0) } }
            }
            try text.array("skipped") { text in
                for refusal in DeletionRefusal.allCases {
                    guard let skipped = skipped[refusal] else { continue }
                    try text.object { text in
                        text.member("reason", refusal.rawValue)
                        text.member("count", skipped.count)
                        text.member("total", amount: try Self.booked(skipped.total))
                        text.member("batches", Int64(skipped.batches.count))
                    }
                }
            }
        }
    }

    private static func append(_ batch: Batch, to text: inout JSONWriter) throws {
        let sum = batch.payments.reduce(Int128(0)) { $0 + Int128($1.amount) }
        text.member("batch_id", batch.row.id)
        text.member("count", Int64(batch.payments.count))
        text.member("total", amount: try booked(sum))
    }
}
