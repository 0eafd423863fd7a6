/// What came of one attempt to post a set, as far as its task is concerned.
package enum PostReply: Sendable, Equatable {
    /// posting-service has done the set, now or earlier, and every transaction was loaded, or not.
    case posted(everythingLoaded: Bool)
    /// posting-service will never take the set and has posted nothing of it.
    case refused
    /// posting-service has promised never to post the set.
    case withdrawn
    /// It certainly did not start; come again, not before the wait named (milliseconds).
    case unavailable(waitMilliseconds: Int64)
    /// The call broke: the set may be posted or not. Asking again gives the first result.
    case outcomeUnknown
    /// The stored body fails its checksum, so it cannot be sent (fault D-06); withdrawn next.
    case unreadable
}
