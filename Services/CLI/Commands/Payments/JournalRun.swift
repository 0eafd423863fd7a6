internal import JSON
internal import Protocol

/// A journal run as the edge serves it.
struct JournalRun: Sendable, Hashable {
    let node: JSONNode

    var id: String { node["run_id"]?.cell ?? "" }
    var status: String { node["status"]?.cell ?? "" }
    var isDone: Bool { status != "Running" }
    var isProof: Bool { node["proof"] == .boolean(true) }
    var hasFailed: Bool { status == "Failed" }

    /// Why a run failed, in the server's words.
    var failure: String {
        Table.printable(node["error"]?["message"]?.cell ?? "no words")
    }

    /// The listing: the batches and the lines of the journal that they make.
    var text: String {
        let batches = PaymentText.table(
            node["batches"]?.elements ?? [],
            [("batch_id", .right), ("count", .right), ("total", .right)]
        )
        let lines = PaymentText.table(
            node["lines"]?.elements ?? [],
            [("gl_account", .left), ("debit", .right), ("credit", .right)]
        )
        return [PaymentText.lines(node), batches, lines].compactMap { $0 }
            .joined(separator: "\n\n")
    }
}

/// Starts journal runs and watches them to their end.
struct JournalRunner {
    let edge: PaymentEdge
    let timeoutSeconds: Int

    private static let path = PaymentEdge.root + "/journal"
    private static let shortestMilliseconds = 40
    private static let longestMilliseconds = 1_000

    /// The run's last document, as bytes and as read.
    func post(
        _ members: [(String, JSONNode?)],
        idempotencyKey: String?
    ) async throws -> (bytes: [UInt8], run: JournalRun) {
        let answer = try await edge.change(
            "POST",
            Self.path,
            JSONNode(members: members),
            idempotencyKey: idempotencyKey,
            expecting: 202,
            action: "starting a journal run"
        )
        guard let location = answer.header("location"), let slash = location.lastIndex(of: "/")
        else { throw CommandFailure.trouble("The server's answer has no location of the run.") }
        return try await follow(String(location[location.index(after: slash)...]))
    }

    func follow(_ id: String) async throws -> (bytes: [UInt8], run: JournalRun) {
        let deadline = ContinuousClock.now.advanced(by: .seconds(timeoutSeconds))
        var pause = Self.shortestMilliseconds
        while true {
            let answer = try await edge.get(
                Self.path + "/" + EdgeSession.queryValue(id),
                action: "reading journal run \(id)"
            )
            let run = JournalRun(node: try answer.node())
            if run.isDone { return (answer.body, run) }
            guard ContinuousClock.now < deadline else {
                throw CommandFailure.trouble(
                    "Journal run \(id) is still running. It goes on: `bursar payments journal \(id)`."
                )
            }
            try await Task.sleep(for: .milliseconds(pause))
            pause = min(pause * 3 / 2, Self.longestMilliseconds)
        }
    }
}
