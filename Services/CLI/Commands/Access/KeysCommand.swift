internal import ArgumentParser
internal import Identity
internal import JSON
internal import Protocol

/// `bursar keys`: API keys of service accounts.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "List, create and revoke API keys.",
        subcommands: [List.self, Create.self, Revoke.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every API key without its secret, newest first."
        )

        @Option(help: "Only the keys of this service account.")
        var account: String?

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let body = JSONNode(members: [("account", account.map { .string($0) })])
            let reply = try await Administration(options).call(.auth, AuthMethods.listKeys, body)
            try reply.show(
                options,
                as: [
                    ("key_id", .left), ("account", .left), ("note", .left), ("created_at", .left),
                    ("expires_at", .left), ("revoked_at", .left), ("last_used_at", .left),
                ]
            )
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an API key and print it: it is shown this once and never again."
        )

        @Argument(help: "The service account.")
        var account: String

        @Option(help: "What the key is for.")
        var note: String = ""

        @Option(help: "When it ends, RFC 3339, for example 2027-01-31T00:00:00Z.")
        var expiresAt: String?

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let body = JSONNode(members: [
                ("account", .string(account)), ("note", .string(note)),
                ("expires_at", expiresAt.map { .string($0) }),
            ])
            let reply = try await Administration(options)
                .call(.auth, AuthMethods.createKey, body)
            if options.json { return try reply.write() }
            try Console.print(try reply.member("key"))
            let id = try reply.member("key_id")
            Console.note("Key \(id) of \(account). Keep it: it is not shown again.")
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End an API key and, within five seconds, every token made from it."
        )

        @Argument(help: "The key's id, as `bursar keys list` shows it.")
        var id: String

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let reply = try await Administration(options)
                .call(.auth, AuthMethods.revokeKey, JSONNode(members: [("key_id", .string(id))]))
            if options.json { return try reply.write() }
            try Console.print("revoked \(id) at \(try reply.member("revoked_at"))")
        }
    }
}
