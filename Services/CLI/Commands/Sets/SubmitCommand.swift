internal import JSON
internal import Protocol
internal import ArgumentParser
internal import Crypto
internal import Foundation
internal import Identity
internal import Supervision

/// `bursar submit`: sends a posting set and, if asked, waits for its result.
struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Submit a posting set (seed 001's JSON) over HTTP/2.",
        discussion: """
            Every submission carries an Idempotency-Key, so that trying again after network trouble \
            never posts twice. With --wait the exit code tells the result: 0 all loaded, 2 refused, \
            3 partly loaded, 4 trouble.
            """
    )

    @Argument(help: "The set's file, or - for standard input.")
    var file: String

    @Flag(help: "Submit as TRIAL or COMMIT, whatever posting_type the file says.")
    var postingType: PostingTypeFlag?

    @OptionGroup var waiting: WaitOptions

    @Option(help: "The Idempotency-Key; a random one if not given.")
    var idempotencyKey: String?

    @OptionGroup var keyOption: KeyOption<SourceKey>

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let settings = try options.settings()
        let document = try readSet()
        let edge = try EdgeSession(settings)
        let key = try settings.require(keyOption.key.variable)
        let token = try await edge.token(key: key, scope: .postingBatchesWrite)
        let accepted = try await submit(document, to: edge, token: token)
        guard waiting.wait else {
            try report(accepted)
            return
        }
        if !options.json { Console.note("accepted: task \(accepted.task)") }
        var follower = waiting.follower(edge, key: key, token: token)
        let (bytes, task) = try await follower.follow(accepted.task)
        if options.json { try Console.writeDocument(bytes) } else { try Console.print(task.text) }
        if task.exitStatus != .done { throw ExitCode(task.exitStatus.rawValue) }
    }

    private func readSet() throws -> [UInt8] {
        let document = try InputFile.read(file)
        guard let postingType else { return document }
        return try postingType.type.put(into: document)
    }

    private struct Accepted {
        let task: String
        let location: String
        let wasReplayed: Bool
    }

    private func submit(
        _ document: [UInt8],
        to edge: EdgeSession,
        token: String
    ) async throws -> Accepted {
        let answer = try await edge.send(
            "POST",
            "/api/accounts_receivable/postings/batches",
            headers: [
                ("authorization", "Bearer " + token), ("content-type", "application/json"),
                (
                    "idempotency-key",
                    idempotencyKey ?? Hexadecimal.encode(RandomBytes.make(16))
                ),
            ],
            body: document
        )
        guard answer.status == 202, let location = answer.header("location"),
            let slash = location.lastIndex(of: "/")
        else { throw answer.failure("submitting \(file)") }
        return Accepted(
            task: String(location[location.index(after: slash)...]),
            location: location,
            wasReplayed: answer.header("idempotent-replayed") == "true"
        )
    }

    private func report(_ accepted: Accepted) throws {
        if options.json {
            let body = JSONNode(members: [
                ("status", .string("accepted")), ("task_id", .string(accepted.task)),
                ("location", .string(accepted.location)),
                ("replayed", .boolean(accepted.wasReplayed)),
            ])
            return try Console.writeDocument(body.bytes)
        }
        try Console.print(
            "accepted: task \(accepted.task)" + (accepted.wasReplayed ? " (known already)" : "")
        )
        Console.note("Follow it: bursar task \(accepted.task) --wait")
    }
}

/// `--trial` or `--commit`.
enum PostingTypeFlag: String, EnumerableFlag {
    case trial
    case commit

    var type: PostingType {
        switch self {
        case .trial: .trial
        case .commit: .commit
        }
    }
}

/// Whether and how long to wait for a task.
struct WaitOptions: ParsableArguments {
    @Flag(help: "Wait until the task is done and print its result.")
    var wait = false

    @Option(help: "Seconds to wait at most.")
    var timeout = 3_600

    func validate() throws {
        guard (1...86_400).contains(timeout) else {
            throw ValidationError("--timeout \(timeout): give 1 to 86400 seconds.")
        }
    }

    func follower(_ edge: EdgeSession, key: String, token: String) -> TaskFollower {
        TaskFollower(
            edge,
            key: key,
            token: token,
            timeoutSeconds: timeout,
            showsBar: Console.isWatched
        )
    }
}
