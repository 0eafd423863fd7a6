internal import ArgumentParser
internal import Identity
internal import JSON
internal import Protocol
internal import Transport

/// `bursar ledger`: an account's balance and its ledger card.
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "An A/R account and its entries, newest first."
    )

    @Argument(help: "The account's number.")
    var account: String

    @Option(help: "Entries on a page, 1 to 1000.")
    var pageSize: Int?

    @Option(help: "Go on where an earlier page ended: the continuation key that it printed.")
    var continuation: String?

    @Flag(help: "Follow the pages to the end.")
    var all = false

    @OptionGroup var keyOption: KeyOption<SourceKey>

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let administration = try Administration(options, key: keyOption.key)
        if !options.json { try await printHead(administration) }
        var output = PagedOutput(json: options.json)
        var next = continuation
        repeat {
            let reply = try await administration.call(
                .posting,
                PostingMethods.accountLedger,
                parameters(continuation: next)
            )
            let entries = try reply.node().elements
            try output.page(reply.bytes, rows: entries.map(Self.cells))
            if case .string(let key)? = reply.metadata["continuation_key"], !key.isEmpty {
                next = key
            } else {
                next = nil
            }
        } while all && next != nil
        try output.end(Table(Self.columns))
        if let next, !options.json {
            Console.note("More: bursar ledger \(account) --continuation \(next), or --all.")
        }
    }

    private func parameters(continuation: String?) -> JSONNode {
        JSONNode(members: [
            ("account_id", .string(account)),
            ("pagesize", pageSize.map { .string(String($0)) }),
            ("continuation_key", continuation.map { .string($0) }),
        ])
    }

    private func printHead(_ administration: Administration) async throws {
        let reply = try await administration.call(
            .posting,
            PostingMethods.getAccount,
            JSONNode(members: [("account_id", .string(account))])
        )
        let node = try reply.node()
        var lines = [
            "account    \(try reply.member("account_id"))",
            "name       \(Table.printable(node["name"]?.cell ?? ""))",
            "balance    \(node["balance"]?.amountCell ?? "")",
        ]
        if node["inactive"] == .boolean(true) { lines.append("inactive   yes") }
        for (title, name) in [("alert      ", "alert_code"), ("warning    ", "warning_code")] {
            guard let text = node[name]?.cell, !text.isEmpty else { continue }
            lines.append(title + Table.printable(text))
        }
        try Console.print(lines.joined(separator: "\n") + "\n")
    }

    private static let columns: [(String, Table.Alignment)] = [
        ("entry", .right), ("date", .left), ("kind", .left), ("code", .left), ("amount", .right),
        ("source", .left), ("source transaction", .left), ("set", .right), ("journal", .right),
    ]

    private static func cells(_ entry: JSONNode) -> [String] {
        [
            entry["entry_id"]?.cell ?? "", entry["date"]?.cell ?? "", entry["kind"]?.cell ?? "",
            entry["detail_code"]?.cell ?? "", entry["amount"]?.amountCell ?? "",
            entry["source_name"]?.cell ?? "", entry["source_transaction_id"]?.cell ?? "",
            entry["batch_id"]?.cell ?? "", entry["journal_id"]?.cell ?? "",
        ]
    }
}
