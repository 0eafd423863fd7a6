/// Work that a service does by itself, beside its methods: a round that is repeated until the end.
///
/// Every loop stands in its service's list (`ServiceDefinition.loops`). `LoopDriver` runs it, tries
/// again what fails, and shows how it does in `bursar.health` and `/metrics`.
///
///     BackgroundLoop(
///         "reservation_sweeper",
///         "Gives back drawer reservations that nobody has used.",
///         every: .seconds(5)
///     ) { try await sweeper.sweep(); return nil }
package struct BackgroundLoop: Sendable {
    /// The loop's word in logs, in `bursar.health` and as label `loop` of `/metrics`: `snake_case`.
    package let name: String
    /// What it does, in one sentence.
    package let purpose: String
    /// The wait after a round that names none.
    package let period: Duration
    /// Ends a wait between two rounds early; a wait after a failure it does not end.
    package let signal: Signal?
    /// Where rounds run; the common pool where there is none.
    package let executor: (any TaskExecutor)?
    /// One round.
    ///
    /// Returns the wait until the next one, nil for the period, zero for none; throws where it has to
    /// be tried again, after a wait that doubles from 100 ms up to the period, at most two seconds.
    package let round: @Sendable () async throws -> Duration?

    package init(
        _ name: String,
        _ purpose: String,
        every period: Duration,
        wokenBy signal: Signal? = nil,
        on executor: (any TaskExecutor)? = nil,
        round: @escaping @Sendable () async throws -> Duration?
    ) {
        self.name = name
        self.purpose = purpose
        self.period = period
        self.signal = signal
        self.executor = executor
        self.round = round
    }
}
