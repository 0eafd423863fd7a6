internal import ArgumentParser
internal import Identity
internal import JSON
internal import Protocol

/// `bursar drawers`: cash drawers and the sessions of their cashiers.
struct DrawersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drawers",
        abstract: "Cash drawers: open, close and reconcile sessions.",
        discussion:
            "A drawer has at most one open session; drawers come by `bursar import drawers`.",
        subcommands: [List.self, Open.self, Close.self, Reconcile.self],
        defaultSubcommand: List.self
    )

    fileprivate static let path = PaymentEdge.root + "/drawers"

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Cash drawers with their open sessions."
        )

        @OptionGroup var keyOption: KeyOption<SourceKey>

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let edge = try await PaymentEdge(
                options.settings(),
                key: keyOption.key,
                scopes: [.batchesRead]
            )
            let answer = try await edge.get(DrawersCommand.path, action: "reading the drawers")
            if options.json { return try Console.writeDocument(answer.body) }
            var table = Table([
                ("drawer", .right), ("name", .left), ("campus", .right), ("warning", .right),
                ("restrict", .right), ("session", .right), ("cashier", .right), ("total", .right),
            ])
            for drawer in try answer.node().elements { table.add(DrawersCommand.cells(drawer)) }
            if table.isEmpty { Console.note("none") } else { try Console.print(table.text) }
        }
    }

    struct Open: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open the session of a cashier on a drawer."
        )

        @Argument(help: "The drawer's number (cash_drawer_id).")
        var drawer: Int

        @Option(help: "The cashier's number (user_id of a staff user).")
        var cashier: Int

        @Option(help: "What lies in the drawer at first.")
        var openingAmount: AmountArgument?

        @Option(help: "The number of the new session; the next free one if not given.")
        var session: Int?

        @OptionGroup var change: DrawerChange

        func run() async throws {
            try await change.send(
                "/\(drawer)/sessions",
                [
                    ("cashier_user_id", .number(String(cashier))),
                    ("opening_amount", openingAmount?.node),
                    ("cash_drawer_session_id", session.map { .number(String($0)) }),
                ],
                expecting: 201,
                action: "opening a session"
            )
        }
    }

    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Close a session: it takes no more payments."
        )

        @OptionGroup var place: SessionPlace

        @Option(help: "What was counted in the drawer.")
        var counted: AmountArgument?

        @OptionGroup var change: DrawerChange

        func run() async throws {
            try await change.send(
                place.path + "/close",
                [("counted_amount", counted?.node)],
                action: "closing session \(place.session)"
            )
        }
    }

    struct Reconcile: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reconcile a closed session: what was counted against what was taken in."
        )

        @OptionGroup var place: SessionPlace

        @Option(help: "What was counted in the drawer.")
        var counted: AmountArgument

        @Option(help: "Why it differs, for example.")
        var note: String?

        @OptionGroup var change: DrawerChange

        func run() async throws {
            try await change.send(
                place.path + "/reconcile",
                [("counted_amount", counted.node), ("note", note.map { .string($0) })],
                action: "reconciling session \(place.session)"
            )
        }
    }

    private static func cells(_ drawer: JSONNode) -> [String] {
        let session = drawer["open_session"]
        return [
            drawer["cash_drawer_id"]?.cell ?? "", drawer["name"]?.cell ?? "",
            drawer["campus_id"]?.cell ?? "", drawer["warning_amount"]?.amountCell ?? "",
            drawer["restrict_amount"]?.amountCell ?? "",
            session?["cash_drawer_session_id"]?.cell ?? "",
            session?["cashier_user_id"]?.cell ?? "", session?["total"]?.amountCell ?? "",
        ]
    }
}

/// Which session of which drawer.
struct SessionPlace: ParsableArguments {
    @Argument(help: "The drawer's number (cash_drawer_id).")
    var drawer: Int

    @Argument(help: "The session's number (cash_drawer_session_id).")
    var session: Int

    var path: String { "/\(drawer)/sessions/\(session)" }
}

/// What the changes of drawers share.
struct DrawerChange: ParsableArguments {
    @OptionGroup var keyOption: KeyOption<SourceKey>

    @OptionGroup var write: WriteOptions
    @OptionGroup var options: GlobalOptions

    func send(
        _ path: String,
        _ members: [(String, JSONNode?)],
        expecting status: Int = 200,
        action: String
    ) async throws {
        let edge = try await PaymentEdge(
            options.settings(),
            key: keyOption.key,
            scopes: [.drawersWrite]
        )
        let answer = try await edge.change(
            "POST",
            DrawersCommand.path + path,
            JSONNode(members: members),
            idempotencyKey: write.idempotencyKey,
            expecting: status,
            action: action
        )
        try PaymentText.show(answer, options)
    }
}
