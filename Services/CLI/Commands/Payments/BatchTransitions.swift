internal import ArgumentParser
internal import Identity
internal import JSON
internal import Protocol

/// `bursar payments close`, and what a reviewer or approver does with a batch.
extension PaymentsCommand {
    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Close a batch, so that it moves on; closing it again changes nothing.",
            discussion: "Name the batch, or the username and date of the open one."
        )

        @Argument(help: "The batch's number (batch_id).")
        var batch: Int?

        @Option(help: "The clerk or station of the open batch; with --date.")
        var username: String?

        @Option(help: "Its entry date, YYYY-MM-DD.")
        var date: DayArgument?

        @OptionGroup var keyOption: KeyOption<SourceKey>

        @OptionGroup var write: WriteOptions
        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard (username == nil) == (date == nil), (batch == nil) != (username == nil) else {
                throw ValidationError("Give a batch's number, or --username and --date.")
            }
        }

        func run() async throws {
            let edge = try await PaymentEdge(
                options.settings(),
                key: keyOption.key,
                scopes: [.batchesClose]
            )
            let answer = try await edge.change(
                "POST",
                PaymentEdge.root + "/batches/close",
                JSONNode(members: [
                    ("batch_id", batch.map { .number(String($0)) }),
                    ("username", username.map { .string($0) }), ("date", date?.node),
                ]),
                idempotencyKey: write.idempotencyKey,
                action: "closing the batch"
            )
            try PaymentText.show(answer, options)
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Release a reviewed batch (step 30).",
            discussion: "Neither its creator nor its closer may."
        )

        @OptionGroup var transition: Transition

        func run() async throws { try await transition.run("release", .batchesReview) }
    }

    struct Return: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Return a batch under review to its clerk (step 10)."
        )

        @OptionGroup var transition: Transition

        func run() async throws { try await transition.run("return", .batchesReview) }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take back the release of a batch that is not posted (step 10)."
        )

        @OptionGroup var transition: Transition

        func run() async throws { try await transition.run("resume", .batchesReview) }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Approve the current workflow step of a batch."
        )

        @OptionGroup var transition: Transition

        func run() async throws { try await transition.run("approve", .batchesApprove) }
    }

    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reject a batch in workflow: it goes back to its clerk (step 10)."
        )

        @OptionGroup var transition: Transition

        func run() async throws { try await transition.run("reject", .batchesApprove) }
    }
}

/// What the transitions of a batch share.
struct Transition: ParsableArguments {
    @Argument(help: "The batch's number (batch_id).")
    var batch: Int

    @Option(help: "A note for the batch's history.")
    var note: String?

    @Option(
        help: "Refuse if the batch's content_hash is not this: it has changed since it was seen."
    )
    var contentHash: String?

    @OptionGroup var keyOption: KeyOption<OtherKey>

    @OptionGroup var write: WriteOptions
    @OptionGroup var options: GlobalOptions

    func run(_ action: String, _ scope: Scope) async throws {
        let members: [(String, JSONNode?)] = [
            ("note", note.map { .string($0) }),
            ("content_hash", contentHash.map { .string($0) }),
        ]
        let edge = try await PaymentEdge(options.settings(), key: keyOption.key, scopes: [scope])
        let answer = try await edge.change(
            "POST",
            PaymentEdge.root + "/batches/\(batch)/\(action)",
            note == nil && contentHash == nil ? nil : JSONNode(members: members),
            idempotencyKey: write.idempotencyKey,
            action: "\(action) of batch \(batch)"
        )
        try PaymentText.show(answer, options)
    }
}
