internal import Foundation
internal import Identity
internal import Protocol

/// Watches a task until it is done, and shows how far it has come.
struct TaskFollower {
    private let edge: EdgeSession
    private let key: String
    private var token: String
    private var bar: ProgressBar
    private let deadline: ContinuousClock.Instant

    private static let shortestMilliseconds = 40
    private static let longestMilliseconds = 1_000

    init(_ edge: EdgeSession, key: String, token: String, timeoutSeconds: Int, showsBar: Bool) {
        self.edge = edge
        self.key = key
        self.token = token
        bar = ProgressBar(isShown: showsBar)
        deadline = .now.advanced(by: .seconds(timeoutSeconds))
    }

    /// The task's last document, as bytes and as read.
    mutating func follow(_ id: String) async throws -> (bytes: [UInt8], task: TaskDocument) {
        defer { bar.end() }
        var pause = Self.shortestMilliseconds
        while true {
            let answer = try await get("/api/tasks/" + EdgeSession.queryValue(id))
            let task = try TaskDocument(answer.body)
            if task.isDone { return (answer.body, task) }
            guard ContinuousClock.now < deadline else {
                throw CommandFailure.trouble(
                    "Task \(id) is still \(task.status). It goes on: `bursar task \(id) --wait`."
                )
            }
            try await showProgress(task)
            try await Task.sleep(for: .milliseconds(pause))
            pause = min(pause * 3 / 2, Self.longestMilliseconds)
        }
    }

    private mutating func showProgress(_ task: TaskDocument) async throws {
        guard Console.isWatched else { return }
        let answer = try await get("/api/tasks/\(task.id)/progress")
        do {
            let progress = try JSONDecoder().decode(TaskProgress.self, from: Data(answer.body))
            bar.show(task.status, progress)
        } catch {
            throw CommandFailure.trouble("The server's progress cannot be read: \(error)")
        }
    }

    /// A GET whose token is renewed once if it has expired meanwhile.
    private mutating func get(_ path: String) async throws -> EdgeAnswer {
        var answer = try await edge.send("GET", path, headers: authorization)
        if answer.status == 401 {
            token = try await edge.token(key: key, scope: .postingBatchesWrite)
            answer = try await edge.send("GET", path, headers: authorization)
        }
        guard answer.status == 200 else { throw answer.failure("GET \(path)") }
        return answer
    }

    private var authorization: [(String, String)] { [("authorization", "Bearer " + token)] }
}
