internal import ArgumentParser
internal import Identity

/// `bursar task`: a task and its result.
struct TaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "task",
        abstract: "Show a task, or wait for it.",
        discussion: "Exit codes of a task that is done: 0 complete, 2 refused, 3 partly loaded."
    )

    @Argument(help: "The task's id, as submit printed it or as Location ends.")
    var id: String

    @OptionGroup var waiting: WaitOptions

    @OptionGroup var keyOption: KeyOption<SourceKey>

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let settings = try options.settings()
        let edge = try EdgeSession(settings)
        let key = try settings.require(keyOption.key.variable)
        let token = try await edge.token(key: key, scope: .postingBatchesWrite)
        let bytes: [UInt8]
        let task: TaskDocument
        if waiting.wait {
            var follower = waiting.follower(edge, key: key, token: token)
            (bytes, task) = try await follower.follow(id)
        } else {
            let answer = try await edge.send(
                "GET",
                "/api/tasks/" + EdgeSession.queryValue(id),
                headers: [("authorization", "Bearer " + token)]
            )
            guard answer.status == 200 else { throw answer.failure("task \(id)") }
            bytes = answer.body
            task = try TaskDocument(bytes)
        }
        if options.json { try Console.writeDocument(bytes) } else { try Console.print(task.text) }
        if task.exitStatus != .done { throw ExitCode(task.exitStatus.rawValue) }
    }
}
