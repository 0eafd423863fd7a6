package import Protocol

/// Every route of the edge (design 1.8).
package enum EdgeRoutes {
    package static func all(
        _ upstreams: Upstreams,
        maximumBodyBytes: Int,
        verificationKeys: @escaping @Sendable () -> [AccessSnapshot.VerificationKey]?
    ) -> [Endpoint] {
        AccessEndpoints(auth: upstreams.auth, verificationKeys: verificationKeys).all
            + PostingEndpoints(batch: upstreams.batch, maximumBodyBytes: maximumBodyBytes).all
            + LedgerEndpoints(posting: upstreams.posting).all
            + PaymentEndpoints(batch: upstreams.batch).all
            + JournalEndpoints(batch: upstreams.batch).all
            + DrawerEndpoints(batch: upstreams.batch).all
            + ParameterEndpoints(batch: upstreams.batch, posting: upstreams.posting).all
            + ReportEndpoints(posting: upstreams.posting).all
            + commands(
                posting: upstreams.posting,
                keys: ApplicationKeys(auth: upstreams.auth)
            )
    }

    /// The routes of the command API alone.
    package static func commands(
        posting: any Upstream,
        keys: ApplicationKeys
    ) -> [Endpoint] {
        CommandEndpoints(posting: posting, keys: keys).all
    }
}
