internal import ArgumentParser
internal import Identity
internal import JSON
internal import Protocol

/// `bursar accounts`: the service accounts that API keys belong to.
struct AccountsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accounts",
        abstract: "List and set service accounts (for A/R accounts see `ledger` and `import`).",
        subcommands: [List.self, Put.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every service account with its scopes."
        )

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let reply = try await Administration(options).call(.auth, AuthMethods.listAccounts)
            try reply.show(
                options,
                as: [("account", .left), ("active", .left), ("scopes", .left)]
            )
        }
    }

    struct Put: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a service account, or replace its scopes."
        )

        @Argument(help: "The account's name.")
        var account: String

        @Option(help: "A scope that it holds; repeat for more.")
        var scope: [String] = []

        @Flag(help: "Refuse everything that this account does.")
        var inactive = false

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let reply = try await Grants.put(
                account,
                scopes: scope,
                active: !inactive,
                by: Administration(options)
            )
            if options.json { return try reply.write() }
            try Console.print("\(account): \(try reply.member("scopes"))")
        }
    }
}

/// `bursar grants`: one scope more or less, the others untouched.
struct GrantsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grants",
        abstract: "Add and remove scopes of a service account.",
        subcommands: [Add.self, Remove.self]
    )

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Grant scopes.")

        @OptionGroup var grant: Grants

        func run() async throws { try await grant.change { $0 + $1 } }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take scopes away; tokens that hold them lose them within five seconds."
        )

        @OptionGroup var grant: Grants

        func run() async throws {
            try await grant.change { held, named in held.filter { !named.contains($0) } }
        }
    }
}

/// What `grants add` and `grants remove` share.
struct Grants: ParsableArguments {
    @Argument(help: "The service account.")
    var account: String

    @Argument(help: "The scopes, for example api:audit:read.")
    var scopes: [String]

    @OptionGroup var options: GlobalOptions

    /// Replaces the account's scopes by what `change` makes of those held and those named.
    func change(_ change: ([String], [String]) -> [String]) async throws {
        let administration = try Administration(options)
        let accounts = try await administration.call(.auth, AuthMethods.listAccounts).node()
        guard let found = accounts.elements.first(where: { $0["account"]?.cell == account }) else {
            throw CommandFailure.refused(
                "\(account): no such service account; see `bursar accounts list`."
            )
        }
        let held = found["scopes"]?.elements.map(\.cell) ?? []
        var seen: Set<String> = []
        let reply = try await Self.put(
            account,
            scopes: change(held, scopes).filter { seen.insert($0).inserted },
            active: found["active"] != .boolean(false),
            by: administration
        )
        if options.json { return try reply.write() }
        try Console.print("\(account): \(try reply.member("scopes"))")
    }

    static func put(
        _ account: String,
        scopes: [String],
        active: Bool,
        by administration: Administration
    ) async throws -> RPCDocument {
        try await administration.call(
            .auth,
            AuthMethods.putAccount,
            JSONNode(members: [
                ("account", .string(account)), ("scopes", .array(scopes.map { .string($0) })),
                ("active", .boolean(active)),
            ])
        )
    }
}
