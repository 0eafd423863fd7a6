/// What a service is made of: its methods, what it does by itself, and how it ends.
///
/// Its `XService.build` opens what it needs and returns this; `ServiceProcess` does the rest. At a
/// stop, calls in flight end first, then `drain`, the loops, the audit trail, and last `stop`.
package struct ServiceDefinition: Sendable {
    package let methods: [AuthorizedBinding]
    /// Everything that runs by itself, in one list.
    package let loops: [BackgroundLoop]
    /// Called once, when the loops run and before the first call is taken: opens a port beside RPC.
    package let start: @Sendable () async throws -> Void
    /// Ends what is in flight beside the calls, while the loops still run; it has `graceSeconds`.
    package let drain: @Sendable (_ graceSeconds: Int) async -> Void
    /// Closes what `build` opened; nothing uses it any more.
    package let stop: @Sendable () async -> Void

    package init(
        methods: [AuthorizedBinding] = [],
        loops: [BackgroundLoop] = [],
        start: @escaping @Sendable () async throws -> Void = {},
        drain: @escaping @Sendable (_ graceSeconds: Int) async -> Void = { _ in },
        stop: @escaping @Sendable () async -> Void = {}
    ) {
        self.methods = methods
        self.loops = loops
        self.start = start
        self.drain = drain
        self.stop = stop
    }
}
