internal import Protocol
package import TLS

extension TLSContext {
    /// A service's RPC port: TLS 1.3, ALPN `bursar/1`, callers' certificates demanded.
    ///
    /// Throws `TLSFault` where a file is missing, does not match, or a key is readable by others.
    package static func rpcServer(
        certificate: String,
        key: String,
        authority: String
    ) throws -> TLSContext {
        try TLSContext(
            role: .server,
            isMutual: true,
            protocols: [ProtocolLimits.alpn],
            certificate: (certificate, key),
            authority: authority
        )
    }

    /// A caller of services: TLS 1.3, ALPN `bursar/1`, with its own certificate.
    package static func rpcClient(
        certificate: String,
        key: String,
        authority: String
    ) throws -> TLSContext {
        try TLSContext(
            role: .client,
            isMutual: true,
            protocols: [ProtocolLimits.alpn],
            certificate: (certificate, key),
            authority: authority
        )
    }
}
