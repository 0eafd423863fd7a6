internal import ArgumentParser
internal import Identity
internal import JSON
internal import Protocol

/// `bursar payments post` and `journal`: the Payments Journal.
extension PaymentsCommand {
    struct Post: AsyncParsableCommand {
        /// Batches that one run takes.
        private static let maximumBatches = 1_000

        static let configuration = CommandConfiguration(
            abstract: "Post released batches to the general ledger (step 40).",
            discussion: """
                Without numbers, every released batch that the filters match; without filters, all \
                of them. The proof listing comes first, then the question. What is posted is never \
                changed again.
                """
        )

        @Argument(help: "The batches' numbers (batch_id).")
        var batches: [Int] = []

        @OptionGroup var filters: BatchFilters

        @Option(help: "The GL effective date, YYYY-MM-DD; the newest entry date if not given.")
        var glDate: DayArgument?

        @Flag(help: "Post into a closed period, where the role allows it.")
        var overridePeriod = false

        @Flag(help: "Print the proof listing and end.")
        var proof = false

        @OptionGroup var agreement: Agreement

        @Option(help: "Seconds to wait for the run at most.")
        var timeout = 3_600

        @OptionGroup var keyOption: KeyOption<OtherKey>

        @OptionGroup var write: WriteOptions
        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard batches.isEmpty || filters.query.isEmpty else {
                throw ValidationError("Give numbers or filters, not both.")
            }
            guard (1...86_400).contains(timeout) else {
                throw ValidationError("--timeout \(timeout): give 1 to 86400 seconds.")
            }
        }

        func run() async throws {
            let edge = try await PaymentEdge(
                options.settings(),
                key: keyOption.key,
                scopes: [.batchesRead, .batchesPost]
            )
            let numbers = try await found(edge)
            guard !numbers.isEmpty else {
                if options.json {
                    return try Console.print(#"{"batches":[],"count":0,"total":0.0}"#)
                }
                return Console.note("No released batch matches: there is nothing to post.")
            }
            let runner = JournalRunner(edge: edge, timeoutSeconds: timeout)
            let listing = try await runner.post(
                members(numbers) + [("proof", .boolean(true))],
                idempotencyKey: nil
            )
            try show(listing, alone: proof)
            if !proof {
                let listed = try PaymentText.extent(listing.run.node)
                try agreement.confirm("Post", listed)
                let posted = try await runner.post(
                    members(numbers),
                    idempotencyKey: write.idempotencyKey
                )
                try show(posted, alone: true)
                if try PaymentText.extent(posted.run.node) != listed {
                    Console.note("The batches have changed since the proof listing: see above.")
                }
            }
        }

        private func found(_ edge: PaymentEdge) async throws -> [Int] {
            guard batches.isEmpty else { return batches }
            let query = filters.query + [("status", "Released")]
            let all = try await BatchView.list(query).rows(edge)
                .compactMap { $0["batch_id"]?.integer }
            guard all.count > Self.maximumBatches else { return all }
            Console.note(
                "\(all.count) batches match; a run takes the \(Self.maximumBatches) oldest of them."
            )
            return Array(all.suffix(Self.maximumBatches))
        }

        private func members(_ numbers: [Int]) -> [(String, JSONNode?)] {
            [
                ("batch_ids", .array(numbers.map { .number(String($0)) })),
                ("gl_effective_date", glDate?.node),
                ("override_period", overridePeriod ? .boolean(true) : nil),
            ]
        }

        /// Of two documents only the last stands on standard output with `--json`.
        private func show(_ document: (bytes: [UInt8], run: JournalRun), alone: Bool) throws {
            let run = document.run
            if options.json {
                if alone || run.hasFailed { try Console.writeDocument(document.bytes) }
            } else {
                try Console.print(run.text + "\n")
            }
            if run.hasFailed {
                throw CommandFailure.refused(
                    "The \(run.isProof ? "proof" : "run") failed: \(run.failure)"
                )
            }
        }
    }

    struct Journal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Journal runs, newest first, or one of them to its end."
        )

        @Argument(help: "The run's number (run_id).")
        var id: Int?

        @OptionGroup var pages: PageOptions

        @Option(help: "Seconds to wait for a run at most.")
        var timeout = 3_600

        @OptionGroup var keyOption: KeyOption<OtherKey>

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let edge = try await PaymentEdge(
                options.settings(),
                key: keyOption.key,
                scopes: [.batchesRead]
            )
            if let id {
                let runner = JournalRunner(edge: edge, timeoutSeconds: timeout)
                let (bytes, run) = try await runner.follow(String(id))
                if options.json {
                    try Console.writeDocument(bytes)
                } else {
                    try Console.print(run.text)
                }
                if run.hasFailed {
                    throw CommandFailure.refused("The run failed: \(run.failure)")
                }
            } else {
                try await list.show(edge, pages, options)
            }
        }

        private var list: PaymentList {
            PaymentList(
                path: PaymentEdge.root + "/journal",
                columns: [
                    ("run_id", .right), ("status", .left), ("proof", .left), ("count", .right),
                    ("total", .right), ("gl_period", .left), ("journal_id", .right),
                ],
                noun: "runs",
                action: "reading the journal runs"
            )
        }
    }
}
