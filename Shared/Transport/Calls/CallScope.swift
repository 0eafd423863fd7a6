package import NIOCore

/// What a handler's calls to other services inherit: they end no later than their cause, and carry
/// its request id.
package struct CallScope: Sendable {
    package let deadline: NIODeadline
    package let requestID: String

    @TaskLocal package static var current: CallScope?

    package init(deadline: NIODeadline, requestID: String) {
        self.deadline = deadline
        self.requestID = requestID
    }
}
