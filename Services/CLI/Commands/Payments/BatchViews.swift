internal import ArgumentParser
internal import Identity
internal import JSON
internal import Protocol

/// `bursar payments batches`, `review`, `batch` and `history`.
extension PaymentsCommand {
    struct Batches: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Payment batches, newest first.",
            discussion: "Filters may be given more than once: any of the values matches."
        )

        @OptionGroup var filters: BatchFilters

        @Option(help: "Open, Workflow, In Review, Approved, Released, POST_IN_PROGRESS or Posted.")
        var status: [String] = []

        @Option(help: "10 open, 20 pending, 30 released, 40 posted.")
        var step: [Int] = []

        @OptionGroup var pages: PageOptions

        @OptionGroup var keyOption: KeyOption<SourceKey>

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let query =
                filters.query + status.map { ("status", $0) }
                + step.map { ("life_cycle_step", String($0)) }
            let edge = try await PaymentEdge(
                options.settings(),
                key: keyOption.key,
                scopes: [.batchesRead]
            )
            try await BatchView.list(query).show(edge, pages, options)
        }
    }

    struct Review: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The batches that wait for a review or an approval (step 20)."
        )

        @OptionGroup var filters: BatchFilters
        @OptionGroup var pages: PageOptions

        @OptionGroup var keyOption: KeyOption<OtherKey>

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let edge = try await PaymentEdge(
                options.settings(),
                key: keyOption.key,
                scopes: [.batchesRead]
            )
            let query = filters.query + [("life_cycle_step", "20")]
            try await BatchView.list(query).show(edge, pages, options)
        }
    }

    struct Batch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One batch: its state, count, total and tenders."
        )

        @Argument(help: "The batch's number (batch_id).")
        var batch: Int

        @OptionGroup var keyOption: KeyOption<SourceKey>

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let answer = try await PaymentEdge.read(
                "/batches/\(batch)",
                key: keyOption.key,
                options,
                action: "reading batch \(batch)"
            )
            if options.json { return try Console.writeDocument(answer.body) }
            try Console.print(BatchView.text(try answer.node()))
        }
    }

    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What has happened to a batch: who, when, from which state to which."
        )

        @Argument(help: "The batch's number (batch_id).")
        var batch: Int

        @OptionGroup var keyOption: KeyOption<SourceKey>

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let answer = try await PaymentEdge.read(
                "/batches/\(batch)/history",
                key: keyOption.key,
                options,
                action: "reading the history of batch \(batch)"
            )
            if options.json { return try Console.writeDocument(answer.body) }
            let columns: [(String, Table.Alignment)] = [
                ("at", .left), ("actor", .left), ("action", .left), ("from", .left), ("to", .left),
                ("workflow_step", .right), ("note", .left),
            ]
            let rows = try answer.node().elements
            try Console.print(PaymentText.table(rows, columns) ?? "none")
        }
    }
}

/// Which batches, by what they were entered with; each as often as one likes.
struct BatchFilters: ParsableArguments {
    @Option(help: "The clerk or station.") var username: [String] = []
    @Option(help: "The entry date, YYYY-MM-DD.") var date: [DayArgument] = []
    @Option(help: "Entered on this day or later.") var from: DayArgument?
    @Option(help: "Entered on this day or earlier.") var to: DayArgument?
    @Option var department: [String] = []
    @Option var depositNumber: [String] = []
    @Option(help: "payment or reversal.") var kind: [String] = []

    var query: [(String, String)] {
        username.map { ("username", $0) } + date.map { ("date", $0.text) }
            + [("from", from), ("to", to)].compactMap { name, day in day.map { (name, $0.text) } }
            + department.map { ("department", $0) }
            + depositNumber.map { ("deposit_number", $0) } + kind.map { ("kind", $0) }
    }
}

/// Batches as text for people.
enum BatchView {
    static func list(_ query: [(String, String)]) -> PaymentList {
        PaymentList(
            path: PaymentEdge.root + "/batches",
            query: query,
            columns: [
                ("batch_id", .right), ("kind", .left), ("username", .left), ("date", .left),
                ("department", .left), ("deposit_number", .left), ("life_cycle_step", .right),
                ("status", .left), ("count", .right), ("total", .right),
            ],
            noun: "batches",
            action: "reading the batches"
        )
    }

    static let tenders: [(String, Table.Alignment)] = [
        ("payment_type", .left), ("name", .left), ("count", .right), ("total", .right),
    ]

    static func text(_ batch: JSONNode) -> String {
        let allowed = batch["allowed"]?.elements.map(\.cell).joined(separator: ", ")
        return [
            PaymentText.lines(batch),
            PaymentText.table(batch["tenders"]?.elements ?? [], tenders),
            allowed.map { "allowed now: " + ($0.isEmpty ? "nothing" : $0) },
        ]
        .compactMap { $0 }.joined(separator: "\n\n")
    }
}
