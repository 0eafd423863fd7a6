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
    }
}
