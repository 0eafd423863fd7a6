internal import NIOCore
internal import Protocol

/// Finds the other side that does not read: its unsent bytes do not become fewer, or are too many.
struct StallWatch {
    private var leastUnsent = 0
    private var since: NIODeadline?

    /// Whether the connection is to be given up.
    mutating func ticked(_ channel: any Channel, at now: NIODeadline) -> Bool {
        guard !channel.isWritable else {
            since = nil
            return false
        }
        let unsent = (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        return ticked(unsent: unsent, at: now)
    }

    mutating func ticked(unsent: Int, at now: NIODeadline) -> Bool {
        guard unsent <= ProtocolLimits.outboundMaximumBytes else { return true }
        guard let began = since, unsent >= leastUnsent else {
            since = now
            leastUnsent = unsent
            return false
        }
        return now - began > .seconds(Int64(ProtocolLimits.outboundStallSeconds))
    }
}
