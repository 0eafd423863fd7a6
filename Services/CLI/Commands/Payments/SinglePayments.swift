internal import ArgumentParser
internal import Identity
internal import JSON
internal import Money
internal import Protocol

/// `bursar payments add`, `show`, `list` and `reverse`.
extension PaymentsCommand {
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a payment to the open batch of its username and date.",
            discussion: "The batch is made where there is none (contract S0-8)."
        )

        @Option(help: "The clerk or station.")
        var username: String

        @Option(help: "The A/R account that pays.")
        var account: String

        @Option(help: "For example 125.00.")
        var amount: AmountArgument

        @Option(
            help: "C Cash, E EFT, H Check, I ACH, R Credit Card, O Other; the letter or the word."
        )
        var type: PaymentTypeArgument

        @Option(help: "The entry date, YYYY-MM-DD; today if not given.")
        var date: DayArgument?

        @Option var checkNumber: String?
        @Option var description: String?
        @Option var department: String?
        @Option var depositNumber: String?

        @OptionGroup var keyOption: KeyOption<SourceKey>

        @OptionGroup var write: WriteOptions
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let edge = try await PaymentEdge(
                options.settings(),
                key: keyOption.key,
                scopes: [.paymentsWrite]
            )
            let answer = try await edge.change(
                "POST",
                PaymentEdge.root + "/payments",
                body,
                idempotencyKey: write.idempotencyKey,
                expecting: 201,
                action: "adding the payment"
            )
            try PaymentText.show(answer, options)
            for warning in try answer.node()["warnings"]?.elements ?? [] where !options.json {
                Console.note("warning: " + Table.printable(warning["message"]?.cell ?? ""))
            }
        }

        private var body: JSONNode {
            JSONNode(members: [
                ("username", .string(username)), ("date", date?.node),
                ("account_id", .string(account)), ("amount", amount.node),
                ("payment_type", .string(type.type.rawValue)),
                ("check_number", checkNumber.map { .string($0) }),
                ("description", description.map { .string($0) }),
                ("department", department.map { .string($0) }),
                ("deposit_number", depositNumber.map { .string($0) }),
            ])
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "One payment.")

        @Argument(help: "The payment's number (payment_id).")
        var id: Int

        @OptionGroup var keyOption: KeyOption<SourceKey>

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let answer = try await PaymentEdge.read(
                "/payments/\(id)",
                key: keyOption.key,
                options,
                action: "reading payment \(id)"
            )
            try PaymentText.show(answer, options)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The payments of a batch, in the order in which they came.",
            discussion: "Deleted and reversed payments stand among them, with their state."
        )

        @Argument(help: "The batch's number (batch_id).")
        var batch: Int

        @OptionGroup var pages: PageOptions

        @OptionGroup var keyOption: KeyOption<SourceKey>

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let edge = try await PaymentEdge(
                options.settings(),
                key: keyOption.key,
                scopes: [.batchesRead]
            )
            let list = PaymentList(
                path: PaymentEdge.root + "/batches/\(batch)/payments",
                columns: [
                    ("payment_id", .right), ("account_id", .left), ("amount", .right),
                    ("payment_type", .left), ("check_number", .left), ("description", .left),
                    ("state", .left), ("reverses_payment_id", .right), ("reason_code", .left),
                ],
                noun: "payments",
                action: "reading the payments of batch \(batch)"
            )
            try await list.show(edge, pages, options)
        }
    }

    struct Reverse: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reverse a whole payment, with a reason.",
            discussion: """
                Before posting the reversal joins the payment's own batch; after it, a reversal \
                batch, which is closed, released and posted like any other.
                """
        )

        @Argument(help: "The payment's number (payment_id).")
        var id: Int

        @Option(help: "The reason's code, for example NSF.")
        var reason: String

        @Option(help: "Why, in words.")
        var note: String?

        @OptionGroup var keyOption: KeyOption<SourceKey>

        @OptionGroup var write: WriteOptions
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let edge = try await PaymentEdge(
                options.settings(),
                key: keyOption.key,
                scopes: [.paymentsReverse]
            )
            let answer = try await edge.change(
                "POST",
                PaymentEdge.root + "/payments/\(id)/reverse",
                JSONNode(members: [
                    ("reason_code", .string(reason)), ("note", note.map { .string($0) }),
                ]),
                idempotencyKey: write.idempotencyKey,
                expecting: 201,
                action: "reversing payment \(id)"
            )
            try PaymentText.show(answer, options)
        }
    }
}
