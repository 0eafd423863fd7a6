internal import ArgumentParser
internal import Identity
internal import JSON
internal import Protocol

/// `bursar workflow`: the PEA workflow that batches pass instead of a review.
struct WorkflowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workflow",
        abstract: "Show, replace or switch off the PEA workflow.",
        subcommands: [Show.self, Set.self, Off.self],
        defaultSubcommand: Show.self
    )

    private static let path = PaymentEdge.root + "/workflow"

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Whether the workflow is in use, and its rules."
        )

        @OptionGroup var keyOption: KeyOption<AdministratorKey>

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let edge = try await PaymentEdge(
                options.settings(),
                key: keyOption.key,
                scopes: [.batchesRead]
            )
            let answer = try await edge.get(
                WorkflowCommand.path,
                action: "reading the workflow"
            )
            if options.json { return try Console.writeDocument(answer.body) }
            try Console.print(WorkflowCommand.text(try answer.node()))
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Replace the workflow by the JSON of a file.",
            discussion: """
                {"enabled": true, "rules": [{"step": 10, "min_amount": 1000, "approvers": \
                ["role:AR Reviewer"]}, {"step": 99, "catch_all": true, "approvers": ["user:NAME"]}]}
                """
        )

        @Argument(help: "The file, or - for standard input.")
        var file: String

        @OptionGroup var change: WorkflowChange

        func run() async throws {
            guard let node = JSONNode(try InputFile.read(file)) else {
                throw CommandFailure.refused("\(file) is not JSON.")
            }
            let edge = try await change.edge([.settingsWrite])
            try await change.put(node, edge)
        }
    }

    struct Off: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Switch the workflow off and keep its rules."
        )

        @OptionGroup var change: WorkflowChange

        func run() async throws {
            let edge = try await change.edge([.batchesRead, .settingsWrite])
            let answer = try await edge.get(
                WorkflowCommand.path,
                action: "reading the workflow"
            )
            try await change.put(WorkflowCommand.off(try answer.node()), edge)
        }
    }

    /// The workflow as it can be put back, not in use; what is null or of the server alone stays out.
    static func off(_ workflow: JSONNode) -> JSONNode {
        let rules = workflow["rules"]?.elements ?? []
        let kept = ["step", "min_amount", "max_amount", "catch_all", "group", "approvers"]
        return JSONNode(members: [
            ("enabled", .boolean(false)), ("unmatched", known(workflow["unmatched"])),
            (
                "rules",
                .array(
                    rules.map { rule in
                        .object(
                            kept.compactMap { name in
                                known(rule[name]).map { JSONNode.Member(key: name, value: $0) }
                            }
                        )
                    }
                )
            ),
        ])
    }

    private static func known(_ value: JSONNode?) -> JSONNode? { value == .null ? nil : value }

    fileprivate static func text(_ workflow: JSONNode) -> String {
        let rules = PaymentText.table(
            workflow["rules"]?.elements ?? [],
            [
                ("step", .right), ("min_amount", .right), ("max_amount", .right),
                ("catch_all", .left), ("group", .left), ("approvers", .left),
            ]
        )
        return [PaymentText.lines(workflow), rules].compactMap { $0 }.joined(separator: "\n\n")
    }
}

/// What the changes of the workflow share.
struct WorkflowChange: ParsableArguments {
    @OptionGroup var keyOption: KeyOption<AdministratorKey>

    @OptionGroup var write: WriteOptions
    @OptionGroup var options: GlobalOptions

    func edge(_ scopes: [Scope]) async throws -> PaymentEdge {
        try await PaymentEdge(options.settings(), key: keyOption.key, scopes: scopes)
    }

    func put(_ body: JSONNode, _ edge: PaymentEdge) async throws {
        let answer = try await edge.change(
            "PUT",
            PaymentEdge.root + "/workflow",
            body,
            idempotencyKey: write.idempotencyKey,
            action: "replacing the workflow"
        )
        if options.json { return try Console.writeDocument(answer.body) }
        try Console.print(WorkflowCommand.text(try answer.node()))
    }
}
