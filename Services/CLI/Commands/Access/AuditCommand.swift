internal import ArgumentParser
internal import Identity
internal import JSON
internal import Protocol

/// `bursar audit`: who tried what, and how it ended (contract S1-3).
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "The audit trail, newest first."
    )

    @Option(help: "From this time on, RFC 3339.")
    var from: String?

    @Option(help: "Up to this time, RFC 3339.")
    var to: String?

    @Option(help: "Only what this service account did.")
    var actor: String?

    @Option(help: "allowed or refused.")
    var outcome: String?

    @Option(help: "Events at most, 1 to 1000.")
    var limit = 50

    @Option(help: "Only events before this id: the next page.")
    var beforeId: Int?

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...1_000).contains(limit) else {
            throw ValidationError("--limit \(limit): give 1 to 1000.")
        }
    }

    func run() async throws {
        let query = JSONNode(members: [
            ("from", from.map { .string($0) }), ("to", to.map { .string($0) }),
            ("actor", actor.map { .string($0) }), ("outcome", outcome.map { .string($0) }),
            ("before_id", beforeId.map { .number(String($0)) }),
            ("limit", .number(String(limit))),
        ])
        let reply = try await Administration(options)
            .call(.auth, AuthMethods.queryAudit, query)
        try reply.show(
            options,
            as: [
                ("id", .left), ("at", .left), ("outcome", .left), ("actor", .left),
                ("peer", .left), ("action", .left), ("subject", .left), ("reason", .left),
                ("request_id", .left),
            ]
        )
    }
}
