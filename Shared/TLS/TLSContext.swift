internal import COpenSSL
internal import Crypto
internal import Glibc
package import Identity

/// The TLS configuration of one side: certificate, key, trust and protocols.
///
/// OpenSSL's context is reference counted, locked by itself, and not changed once it is made here,
/// so that connections of any event loop may share it. A renewed certificate means a new context.
package final class TLSContext: @unchecked Sendable {
    package enum Role: Sendable {
        case server
        case client
    }

    let context: OpaquePointer
    let role: Role
    /// Both sides present a certificate with a deployment's identity.
    let isMutual: Bool
    /// The identity in our own certificate, where there is one.
    package let identity: PeerIdentity?
    /// ALPN names in wire form; OpenSSL's callback points at them while the context lives.
    private let protocols: UnsafeMutableBufferPointer<UInt8>
    private let requiresProtocol: Bool

    package init(
        role: Role,
        isMutual: Bool,
        protocols names: [String],
        certificate: (path: String, keyPath: String)?,
        authority: String?
    ) throws {
        let method = role == .server ? TLS_server_method() : TLS_client_method()
        guard let context = SSL_CTX_new(method) else {
            throw TLSFault.last(.configuration, "making a TLS context")
        }
        self.context = context
        self.role = role
        self.isMutual = isMutual
        requiresProtocol = isMutual
        let wire = names.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        protocols = .allocate(capacity: wire.count)
        _ = protocols.initialize(from: wire)
        do {
            identity = try certificate.map { try Self.loadCertificate($0, into: context) } ?? nil
            if let authority { try Self.trust(authority, in: context, role: role) }
        } catch {
            SSL_CTX_free(context)
            protocols.deallocate()
            throw error
        }
        harden()
        chooseProtocols()
    }

    deinit {
        SSL_CTX_free(context)
        protocols.deallocate()
    }

    private func harden() {
        cossl_ctx_harden(context)
        _ = cossl_ctx_set_min_proto_version(context, isMutual ? TLS1_3_VERSION : TLS1_2_VERSION)
        _ = cossl_ctx_set_groups(context, "X25519:P-256")
        SSL_CTX_set_ciphersuites(
            context,
            "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
        )
        SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20")
        SSL_CTX_set_num_tickets(context, 1)
        // Sessions travel in tickets: a table of them would only hold memory.
        _ = cossl_ctx_set_session_cache_mode(context, 0)
        SSL_CTX_set_session_id_context(context, "bursar", 6)
        SSL_CTX_set_timeout(context, 3_600)
        if !isMutual { cossl_ctx_release_buffers(context) }
        let verifies = isMutual || role == .client
        SSL_CTX_set_verify(context, verifies ? cossl_verify_mutual() : SSL_VERIFY_NONE, nil)
    }

    private func chooseProtocols() {
        guard role == .server else {
            SSL_CTX_set_alpn_protos(context, protocols.baseAddress, UInt32(protocols.count))
            return
        }
        SSL_CTX_set_alpn_select_cb(
            context,
            { _, out, outLength, offered, offeredLength, argument in
                guard let argument, let out else { return SSL_TLSEXT_ERR_ALERT_FATAL }
                let own = Unmanaged<TLSContext>.fromOpaque(argument).takeUnretainedValue()
                // OpenSSL wants a mutable pointer here and never writes through it.
                var chosen: UnsafeMutablePointer<UInt8>?
                let result = SSL_select_next_proto(
                    &chosen,
                    outLength,
                    own.protocols.baseAddress,
                    UInt32(own.protocols.count),
                    offered,
                    offeredLength
                )
                guard result == OPENSSL_NPN_NEGOTIATED else { return SSL_TLSEXT_ERR_ALERT_FATAL }
                out.pointee = UnsafePointer(chosen)
                return SSL_TLSEXT_ERR_OK
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    /// Whether a connection without an agreed protocol must end.
    func accepts(protocol name: String?) -> Bool { name != nil || !requiresProtocol }
}

extension TLSContext {
    /// The HTTPS edge: TLS 1.2 and 1.3, ALPN `h2` before `http/1.1`, no certificate of the caller.
    package static func edgeServer(certificate: String, key: String) throws -> TLSContext {
        try TLSContext(
            role: .server,
            isMutual: false,
            protocols: ["h2", "http/1.1"],
            certificate: (certificate, key),
            authority: nil
        )
    }

    /// A client of the edge that trusts `authority` alone.
    package static func edgeClient(authority: String, protocols: [String]) throws -> TLSContext {
        try TLSContext(
            role: .client,
            isMutual: false,
            protocols: protocols,
            certificate: nil,
            authority: authority
        )
    }
}

extension TLSContext {
    private static func loadCertificate(
        _ files: (path: String, keyPath: String),
        into context: OpaquePointer
    ) throws -> PeerIdentity? {
        try refuseOpenKey(files.keyPath)
        ERR_clear_error()
        guard SSL_CTX_use_certificate_chain_file(context, files.path) == 1 else {
            throw TLSFault.last(.configuration, "the certificate \(files.path)")
        }
        guard SSL_CTX_use_PrivateKey_file(context, files.keyPath, SSL_FILETYPE_PEM) == 1 else {
            throw TLSFault.last(.configuration, "the key \(files.keyPath)")
        }
        guard SSL_CTX_check_private_key(context) == 1 else {
            throw TLSFault.last(.configuration, "\(files.keyPath) for \(files.path)")
        }
        guard let own = SSL_CTX_get0_certificate(context) else { return nil }
        X509_up_ref(own)
        return Certificate(owning: own).identity
    }

    /// A private key that others may read is as good as public (fault S-10).
    private static func refuseOpenKey(_ path: String) throws {
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            throw TLSFault(.configuration, "the key \(path) is missing or out of reach")
        }
        guard facts.st_mode & 0o077 == 0 else {
            throw TLSFault(.configuration, "the key \(path) is open to others: chmod 600")
        }
    }

    private static func trust(_ path: String, in context: OpaquePointer, role: Role) throws {
        ERR_clear_error()
        guard SSL_CTX_load_verify_file(context, path) == 1 else {
            throw TLSFault.last(.configuration, "the authority \(path)")
        }
        guard role == .server else { return }
        guard let names = SSL_load_client_CA_file(path) else {
            throw TLSFault.last(.configuration, "the authority \(path)")
        }
        SSL_CTX_set_client_CA_list(context, names)
    }
}

extension Certificate {
    /// The one URI name where it is a deployment's identity; a certificate with several has none.
    package var identity: PeerIdentity? {
        let uris = uris
        return uris.count == 1 ? PeerIdentity(uri: uris[0]) : nil
    }
}
