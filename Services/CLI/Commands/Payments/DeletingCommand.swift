internal import ArgumentParser
internal import Identity
internal import JSON
internal import Protocol

/// `bursar payments delete`: non-posted payments, by what they were entered with.
extension PaymentsCommand {
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete non-posted payments by payment, batch, department, cashier or dates.",
            discussion: """
                What would be deleted is counted first, batch by batch; the deletion names that \
                count and total, and the server refuses it if they are not what it finds. Posted, \
                locked and transferred payments are skipped, with the reason. --empty-batch deletes \
                a batch without payments.
                """
        )

        @Option(help: "One payment (payment_id).") var payment: Int?
        @Option(help: "All of a batch (batch_id).") var batch: Int?
        @Option var department: String?
        @Option(help: "The clerk or station.") var cashier: String?
        @Option(help: "Entered on this day or later, YYYY-MM-DD.") var from: DayArgument?
        @Option(help: "Entered on this day or earlier.") var to: DayArgument?
        @Option(help: "Why, for the audit trail.") var reason: String?
        @Option(help: "Delete this batch, which has no payments.") var emptyBatch: Int?
        @Flag(help: "Count and end.") var dryRun = false

        @OptionGroup var agreement: Agreement

        @OptionGroup var keyOption: KeyOption<SourceKey>

        @OptionGroup var write: WriteOptions
        @OptionGroup var options: GlobalOptions

        private static let path = PaymentEdge.root + "/payments/delete"

        func validate() throws {
            let isBounded = members.contains { $0.1 != nil }
            guard isBounded != (emptyBatch != nil) else {
                throw ValidationError(
                    "Say what to delete: --payment, --batch, --department, --cashier, --from, --to; "
                        + "or --empty-batch alone."
                )
            }
        }

        func run() async throws {
            let edge = try await PaymentEdge(
                options.settings(),
                key: keyOption.key,
                scopes: [.paymentsDelete]
            )
            if let emptyBatch {
                try await delete(emptyBatch, edge)
            } else {
                try await deletePayments(edge)
            }
        }

        private func delete(_ empty: Int, _ edge: PaymentEdge) async throws {
            let answer = try await edge.change(
                "DELETE",
                PaymentEdge.root + "/batches/\(empty)",
                nil,
                idempotencyKey: write.idempotencyKey,
                action: "deleting batch \(empty)"
            )
            try PaymentText.show(answer, options)
        }

        private func deletePayments(_ edge: PaymentEdge) async throws {
            let found = try await edge.change(
                "POST",
                Self.path,
                JSONNode(members: members + [("dry_run", .boolean(true))]),
                idempotencyKey: nil,
                action: "counting the payments"
            )
            if options.json, dryRun { return try Console.writeDocument(found.body) }
            let node = try found.node()
            if !options.json { try Console.print(Self.text(node)) }
            let extent = try PaymentText.extent(node)
            if dryRun { return }
            guard extent.count > 0 else {
                if options.json { return try Console.writeDocument(found.body) }
                return Console.note("There is nothing to delete.")
            }
            try agreement.confirm("Delete", extent)
            let done = try await edge.change(
                "POST",
                Self.path,
                JSONNode(
                    members: members + [
                        ("dry_run", .boolean(false)), ("count", .number(String(extent.count))),
                        ("total", AmountArgument(extent.total).node),
                        ("reason", reason.map { .string($0) }),
                    ]
                ),
                idempotencyKey: write.idempotencyKey,
                action: "deleting the payments"
            )
            if options.json { return try Console.writeDocument(done.body) }
            try Console.print("deleted \(try PaymentText.extent(try done.node()))")
        }

        private var members: [(String, JSONNode?)] {
            [
                ("payment_id", payment.map { .number(String($0)) }),
                ("batch_id", batch.map { .number(String($0)) }),
                ("department", department.map { .string($0) }),
                ("cashier", cashier.map { .string($0) }), ("from", from?.node), ("to", to?.node),
            ]
        }

        static func text(_ node: JSONNode) -> String {
            let batches = PaymentText.table(
                node["batches"]?.elements ?? [],
                [("batch_id", .right), ("count", .right), ("total", .right)]
            )
            let skipped = node["skipped"]?.elements ?? []
            var parts = [batches ?? "no payments"]
            if !skipped.isEmpty { parts.append("Skipped:\n" + skippedText(skipped)) }
            return parts.joined(separator: "\n\n")
        }

        private static func skippedText(_ skipped: [JSONNode]) -> String {
            let names = [
                "reason", "batch_id", "payment_id", "batches", "count", "total", "message",
            ]
            let columns: [(String, Table.Alignment)] = names.filter { name in
                skipped.contains { $0[name] != nil }
            }
            .map { ($0, $0 == "reason" || $0 == "message" ? .left : .right) }
            return PaymentText.table(skipped, columns) ?? ""
        }
    }
}
