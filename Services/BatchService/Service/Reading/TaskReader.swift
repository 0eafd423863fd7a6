internal import BatchRules
package import Identity
internal import JSON
internal import Protocol

/// Answers questions about tasks and single sets, from what is saved.
package struct TaskReader: Sendable {
    let store: BatchStore

    package init(store: BatchStore) { self.store = store }

    /// The task, if it exists for this caller (contract A1-12).
    package func task(_ id: String, for caller: Principal) async throws -> TaskRecord {
        guard TaskID.isWellFormed(id), let task = try await store.task(id: id),
            Visibility.showsTask(submittedBy: task.account, to: caller)
        else { throw RPCError.notFound }
        return task
    }

    /// The task and, where it is done, its set.
    package func taskAndResult(
        _ id: String,
        for caller: Principal
    ) async throws -> (TaskRecord, FinishedSet?) {
        guard TaskID.isWellFormed(id), let (task, set) = try await store.taskAndResult(id: id),
            Visibility.showsTask(submittedBy: task.account, to: caller)
        else { throw RPCError.notFound }
        return (task, set)
    }

    /// A finished set, if it exists for this caller (contract A1-19).
    package func finishedSet(_ number: String, for caller: Principal) async throws -> FinishedSet {
        guard let id = Int64(number), String(id) == number,
            let set = try await store.finishedSet(id),
            Visibility.showsSet(
                submittedBy: set.account,
                sourceName: set.sourceName,
                to: caller
            )
        else { throw RPCError.notFound }
        return set
    }
}

/// A task as the edge serves it: always the four keys of the seed, in its order (contract A1-13).
package enum TaskDocument {
    /// The document of a task that is not done.
    package static func unfinished(_ task: TaskRecord) -> [UInt8] {
        JSONWriter.object { json in
            json.member("status", task.status.rawValue)
            json.member("path", String?.none)
            json.member("message", String?.none)
            json.member("id", task.taskID)
        }
    }

    /// What stands before and behind the result object of a task that is done.
    ///
    /// The path has no `/api` (contract S1-30).
    package static func around(_ task: TaskRecord) -> (before: [UInt8], after: [UInt8]) {
        var place = 0
        let text = JSONWriter.object { json in
            json.member("status", task.status.rawValue)
            json.member("path", "/accounts_receivable/postings/batches/\(task.setID)")
            json.key("message")
            place = json.bytes.count
            json.value(json: [])
            json.member("id", task.taskID)
        }
        return (Array(text[..<place]), Array(text[place...]))
    }

    /// The reply of `batch.tasks.progress`.
    package static func progress(_ task: TaskRecord) -> [UInt8] {
        JSONWriter.object { json in
            json.member("total", task.total)
            json.member("done", task.done)
            json.member("failed", task.failed)
            json.member("attempt", task.attempts)
        }
    }
}
