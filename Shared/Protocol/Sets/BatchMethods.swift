import Identity

/// The methods of batch-service: posting sets, their tasks and their history (seed 001).
///
/// Replies are the JSON that the edge serves, byte for byte; what the edge puts into headers travels
/// in the reply's header document. The reading methods want the scope of submitting (contract S1-14,
/// S1-26) or that of an auditor (A1-12), which the service judges itself: a descriptor names one
/// scope only.
package enum BatchMethods {
    package static let all: [MethodDescriptor] = [
        submitSet, getTask, taskProgress, getSet, listSets,
    ]

    /// Largest posting set in bytes where configuration says nothing else.
    package static let defaultMaximumSetBytes = 64 << 20

    package static let submitSet = MethodDescriptor(
        "batch.sets.submit",
        "Store a posting set and its task; the body is the set exactly as the source system sent it.",
        callers: .edgeAndClients,
        authority: .scope(.postingBatchesWrite),
        isIdempotent: false,
        changesMoney: true,
        maximumRequestBytes: defaultMaximumSetBytes,
        defaultTimeoutSeconds: 120,
        request: "the posting set of seed 001 as body; idempotency key in the header document",
        reply: "{status: \"accepted\"}; header document {task_id: string, replayed: boolean}"
    )
    package static let getTask = MethodDescriptor(
        "batch.tasks.get",
        "A task: status, path, message, id.",
        callers: .edgeAndClients,
        authority: .token,
        maximumReplyBytes: 256 << 20,
        request: "{id: string}",
        reply: "{status, path, message, id}"
    )
    package static let taskProgress = MethodDescriptor(
        "batch.tasks.progress",
        "How far a task has come.",
        callers: .edgeAndClients,
        authority: .token,
        request: "{id: string}",
        reply: "{total, done, failed, attempt: integer}"
    )
    package static let getSet = MethodDescriptor(
        "batch.sets.get",
        "One finished posting set.",
        callers: .edgeAndClients,
        authority: .token,
        maximumReplyBytes: 256 << 20,
        request: "{batch_id: string}",
        reply: "the result object of seed 001"
    )
    package static let listSets = MethodDescriptor(
        "batch.sets.list",
        "The history of posting sets, newest first, a page at a time.",
        callers: .edgeAndClients,
        authority: .token,
        maximumReplyBytes: 1 << 30,
        request: "{filters: {name: [string]}, pagesize?: string, continuation_key?: string}",
        reply: "[result object]; header document {x_count: integer, continuation_key: string}"
    )
}
