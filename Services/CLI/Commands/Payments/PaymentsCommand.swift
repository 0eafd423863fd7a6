internal import ArgumentParser

/// `bursar payments`: payments and their batches, from the first payment to the general ledger.
struct PaymentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "payments",
        abstract: "Add payments; close, review, release, post, delete and reverse them.",
        discussion: """
            A clerk adds payments and closes the batch; a reviewer, who did neither, releases it; a \
            poster feeds it to the general ledger (step 40). Adding, reading and closing use the \
            key `source`; what follows uses the key `other`. --key chooses another.
            """,
        groupedSubcommands: [
            CommandGroup(
                name: "Payments",
                subcommands: [Add.self, Show.self, List.self, Delete.self, Reverse.self]
            ),
            CommandGroup(
                name: "Batches",
                subcommands: [Batches.self, Batch.self, History.self, Close.self]
            ),
            CommandGroup(
                name: "Review",
                subcommands: [
                    Review.self, Release.self, Return.self, Resume.self, Approve.self, Reject.self,
                ]
            ),
            CommandGroup(name: "Journal", subcommands: [Post.self, Journal.self]),
        ]
    )
}
