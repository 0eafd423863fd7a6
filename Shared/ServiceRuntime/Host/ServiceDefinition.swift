/// What a service is made of: its methods, and what must run beside them.
package struct ServiceDefinition: Sendable {
    package let methods: [AuthorizedBinding]
    /// Called once, before the first call is taken.
    package let start: @Sendable () async throws -> Void
    /// Called once, after the last call has ended (at the gateway: to end them); it has
    /// `graceSeconds` to finish.
    package let stop: @Sendable (_ graceSeconds: Int) async -> Void

    package init(
        methods: [AuthorizedBinding] = [],
        start: @escaping @Sendable () async throws -> Void = {},
        stop: @escaping @Sendable (_ graceSeconds: Int) async -> Void = { _ in }
    ) {
        self.methods = methods
        self.start = start
        self.stop = stop
    }
}
