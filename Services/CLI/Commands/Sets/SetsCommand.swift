internal import ArgumentParser
internal import Identity

/// `bursar sets`: the history of posting sets, or one of them.
struct SetsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sets",
        abstract: "List finished posting sets, newest first, or show one.",
        discussion: """
            Filters may be given more than once: sets that match any of the values are listed. \
            Days are days in the configured time zone.
            """
    )

    @Argument(help: "Show this set (batch_id) alone.")
    var id: String?

    @OptionGroup var filters: SetFilters

    @Option(help: "Sets on a page, 1 to 1000.")
    var pageSize: Int?

    @Option(help: "Go on where an earlier page ended: the continuation key that it printed.")
    var continuation: String?

    @Flag(help: "Follow the pages to the end.")
    var all = false

    @OptionGroup var keyOption: KeyOption<SourceKey>

    @OptionGroup var options: GlobalOptions

    private static let path = "/api/accounts_receivable/postings/batches"

    func validate() throws {
        if let pageSize, !(1...1_000).contains(pageSize) {
            throw ValidationError("--page-size \(pageSize): give 1 to 1000.")
        }
        if id != nil, all || continuation != nil || !filters.query.isEmpty {
            throw ValidationError("A set's id stands alone, without filters and pages.")
        }
    }

    func run() async throws {
        let settings = try options.settings()
        let edge = try EdgeSession(settings)
        let key = try settings.require(keyOption.key.variable)
        let token = try await edge.token(key: key, scope: .postingBatchesWrite)
        if let id {
            let path = Self.path + "/" + EdgeSession.queryValue(id)
            let answer = try await get(path, from: edge, token)
            try show(one: answer.body)
        } else {
            try await list(edge, token)
        }
    }

    private func show(one document: [UInt8]) throws {
        if options.json { return try Console.writeDocument(document) }
        for set in try SetSummary.list(document) {
            try Console.print(SetReport.lines(set).joined(separator: "\n"))
        }
    }

    private func list(_ edge: EdgeSession, _ token: String) async throws {
        var output = PagedOutput(json: options.json)
        var next = continuation
        var known: Int?
        repeat {
            var query = filters.query
            if let pageSize { query.append(("pagesize", String(pageSize))) }
            if let next { query.append(("continuation_key", next)) }
            let answer = try await get(Self.path + Self.text(query), from: edge, token)
            known = answer.header("x-count").flatMap(Int.init) ?? known
            let sets = try SetSummary.list(answer.body)
            try output.page(answer.body, rows: sets.map(Self.cells))
            next = sets.isEmpty ? nil : answer.header("x-request-id")
            if let known, output.count >= known, continuation == nil { next = nil }
        } while all && next != nil
        try output.end(Table(Self.columns))
        guard !options.json else { return }
        let count = known ?? output.count
        Console.note("\(output.count) of \(count) sets.")
        if let next, output.count < count {
            Console.note("More: bursar sets --continuation \(next), or --all.")
        }
    }

    private func get(
        _ path: String,
        from edge: EdgeSession,
        _ token: String
    ) async throws -> EdgeAnswer {
        let answer = try await edge.send(
            "GET",
            path,
            headers: [("authorization", "Bearer " + token)]
        )
        guard answer.status == 200 else { throw answer.failure("reading the history") }
        return answer
    }

    private static func text(_ query: [(String, String)]) -> String {
        let pairs = query.map { "\($0.0)=\(EdgeSession.queryValue($0.1))" }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }

    private static let columns: [(String, Table.Alignment)] = [
        ("set", .right), ("status", .left), ("type", .left), ("source", .left),
        ("source batch", .left), ("name", .left), ("records", .right), ("loaded", .right),
        ("total", .right),
    ]

    private static func cells(_ set: SetSummary) -> [String] {
        [
            set.cell("batch_id"), set.cell("status"), set.cell("posting_type"),
            set.cell("source_name"), set.cell("source_batch_id"), set.cell("batch_name"),
            set.cell("record_count"), String(set.transactionsLoaded),
            set.fields["total_amount"]?.amountCell ?? "",
        ]
    }
}

/// The filters of the history (contract S1-27), each as often as one likes.
struct SetFilters: ParsableArguments {
    @Option var sourceName: [String] = []
    @Option(help: "A day (YYYY-MM-DD) or an exact instant.") var submitDate: [String] = []
    @Option var sourceBatchId: [String] = []
    @Option var batchId: [String] = []
    @Option(help: "success or failure.") var status: [String] = []
    @Option var billingType: [String] = []
    @Option(help: "TRIAL or COMMIT.") var postingType: [String] = []
    @Option var batchName: [String] = []
    @Option var accountingDate: [String] = []
    @Option var recordCount: [String] = []
    @Option var totalAmount: [String] = []
    @Option var transactionsLoaded: [String] = []
    @Option(help: "A reference, account or error of a failure.") var failures: [String] = []
    @Option(help: "A source transaction id or account.") var transactions: [String] = []

    var query: [(String, String)] {
        let filters: [(String, [String])] = [
            ("source_name", sourceName), ("submit_date", submitDate),
            ("source_batch_id", sourceBatchId), ("batch_id", batchId), ("status", status),
            ("billing_type", billingType), ("posting_type", postingType),
            ("batch_name", batchName), ("accounting_date", accountingDate),
            ("record_count", recordCount), ("total_amount", totalAmount),
            ("transactions_loaded", transactionsLoaded), ("failures", failures),
            ("transactions", transactions),
        ]
        return filters.flatMap { filter in filter.1.map { (filter.0, $0) } }
    }
}
