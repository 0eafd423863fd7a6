internal import ArgumentParser
internal import Identity
internal import JSON
internal import Protocol

/// `bursar demo payments`: a batch of two payments on its way to the general ledger.
extension DemoCommand {
    struct Payments: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Bring a batch of two payments to the general ledger, each step by whom it is for.",
            discussion: """
                system-xyz enters and closes, system-abc releases and posts. Run again it adds \
                nothing and goes on where the batch stands.
                """
        )

        @OptionGroup var options: GlobalOptions

        /// Both have a key of their own that never changes: they are entered once.
        ///
        /// Their accounts pay nothing else, so that the samples' accounts begin with nothing.
        static let payments: [(key: String, body: JSONNode)] = [
            (
                "demo-payment-1",
                payment(
                    account: DemoPaymentData.payers[0],
                    amount: "125.00",
                    type: "C",
                    "Parking permit"
                )
            ),
            (
                "demo-payment-2",
                payment(
                    account: DemoPaymentData.payers[1],
                    amount: "250.50",
                    type: "H",
                    "Tuition, check 1001"
                )
            ),
        ]

        private static func payment(
            account: String,
            amount: String,
            type: String,
            _ description: String
        ) -> JSONNode {
            JSONNode(members: [
                ("username", .string(DemoPaymentData.cashier.username)),
                ("account_id", .string(account)), ("amount", .number(amount)),
                ("payment_type", .string(type)), ("description", .string(description)),
            ])
        }

        func run() async throws {
            let settings = try options.settings()
            let clerk = try await PaymentEdge(
                settings,
                key: .source,
                scopes: [.paymentsWrite, .batchesRead, .batchesClose]
            )
            let reviewer = try await PaymentEdge(
                settings,
                key: .other,
                scopes: [.batchesRead, .batchesReview, .batchesPost]
            )
            let number = try await enter(clerk)
            var batch = try await Self.batch(number, clerk)
            if batch.status == "Posted" {
                try Console.print("batch \(number) is posted already:")
            } else {
                try Self.show("entered", "system-xyz", batch)
                batch = try await advance(batch, clerk, reviewer)
            }
            try Console.print("\n" + batch.text)
        }

        /// The batch of the payments.
        private func enter(_ clerk: PaymentEdge) async throws -> Int {
            var number: Int?
            for payment in Self.payments {
                let answer = try await clerk.change(
                    "POST",
                    PaymentEdge.root + "/payments",
                    payment.body,
                    idempotencyKey: payment.key,
                    expecting: 201,
                    action: "adding a payment"
                )
                number = try answer.node()["batch_id"]?.integer
            }
            guard let number else {
                throw CommandFailure.trouble("The server's answer has no batch_id.")
            }
            return number
        }

        /// Does what the batch's state asks for next, until it is posted or waits for somebody else.
        private func advance(
            _ batch: DemoBatch,
            _ clerk: PaymentEdge,
            _ reviewer: PaymentEdge
        ) async throws -> DemoBatch {
            var batch = batch
            if batch.status == "Open" {
                _ = try await clerk.change(
                    "POST",
                    PaymentEdge.root + "/batches/close",
                    JSONNode(members: [("batch_id", .number(String(batch.number)))]),
                    idempotencyKey: nil,
                    action: "closing the batch"
                )
                batch = try await Self.batch(batch.number, clerk)
                try Self.show("closed", "system-xyz", batch)
            }
            if ["In Review", "Approved"].contains(batch.status) {
                _ = try await reviewer.change(
                    "POST",
                    PaymentEdge.root + "/batches/\(batch.number)/release",
                    nil,
                    idempotencyKey: nil,
                    action: "releasing the batch"
                )
                batch = try await Self.batch(batch.number, reviewer)
                try Self.show("released", "system-abc", batch)
            }
            if batch.status == "Released" {
                let runner = JournalRunner(edge: reviewer, timeoutSeconds: 60)
                let (_, run) = try await runner.post(
                    [("batch_ids", .array([.number(String(batch.number))]))],
                    idempotencyKey: nil
                )
                if run.hasFailed {
                    throw CommandFailure.refused("The journal run failed: \(run.failure)")
                }
                batch = try await Self.batch(batch.number, reviewer)
                try Self.show("posted", "system-abc", batch)
            }
            return batch
        }

        private static func batch(_ number: Int, _ edge: PaymentEdge) async throws -> DemoBatch {
            let answer = try await edge.get(
                PaymentEdge.root + "/batches/\(number)",
                action: "reading batch \(number)"
            )
            return DemoBatch(number: number, node: try answer.node())
        }

        private static func show(_ event: String, _ account: String, _ batch: DemoBatch) throws {
            let title = event + String(repeating: " ", count: max(0, 10 - event.count))
            try Console.print(
                "\(title)by \(account): batch \(batch.number) at step "
                    + "\(batch.node["life_cycle_step"]?.cell ?? ""), \(batch.status), "
                    + "\(try PaymentText.extent(batch.node))"
            )
        }
    }
}

/// The batch of the demo run, as it stands.
private struct DemoBatch {
    let number: Int
    let node: JSONNode

    var status: String { node["status"]?.cell ?? "" }

    /// The batch as one row, and its tenders.
    var text: String {
        let tables = [
            PaymentText.table(
                [node],
                [
                    ("batch_id", .right), ("username", .left), ("date", .left),
                    ("life_cycle_step", .right), ("status", .left), ("posted_by", .left),
                    ("journal_id", .right), ("count", .right), ("total", .right),
                ]
            ),
            PaymentText.table(node["tenders"]?.elements ?? [], BatchView.tenders),
        ]
        return tables.compactMap { $0 }.joined(separator: "\n\n")
    }
}
