internal import ArgumentParser
internal import Identity
internal import JSON
internal import Protocol

/// `bursar trial-balance`: what the general ledger holds, and that it balances.
struct TrialBalanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trial-balance",
        abstract: "Debits and credits of every GL account.",
        discussion: "Exits with 4 where debits and credits differ, which must never be."
    )

    @OptionGroup var keyOption: KeyOption<SourceKey>

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let reply = try await Administration(options, key: keyOption.key)
            .call(.posting, PostingMethods.trialBalance)
        let node = try reply.node()
        if options.json {
            try reply.write()
        } else {
            try show(node)
        }
        let difference = node["difference"]?.cell ?? ""
        guard !difference.isEmpty, difference.allSatisfy({ "0.-".contains($0) }) else {
            throw CommandFailure.trouble("Debits and credits differ by \(difference).")
        }
    }

    private func show(_ node: JSONNode) throws {
        var table = Table([
            ("gl account", .left), ("debits", .right), ("credits", .right), ("balance", .right),
        ])
        for account in node["accounts"]?.elements ?? [] {
            table.add([
                account["gl_account"]?.cell ?? "", account["debits"]?.amountCell ?? "",
                account["credits"]?.amountCell ?? "", account["balance"]?.amountCell ?? "",
            ])
        }
        table.add([
            "total", node["debits"]?.amountCell ?? "", node["credits"]?.amountCell ?? "",
            node["difference"]?.amountCell ?? "",
        ])
        try Console.print(table.text)
    }
}
