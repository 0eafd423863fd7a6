internal import COpenSSL
package import Crypto
package import Identity
package import NIOCore

/// One TLS connection without a socket: ciphertext in, plaintext out, and the other way round.
///
/// Not Sendable: it belongs to one event loop. After every call, also one that throws, look at
/// `takeOutput`: reading can answer (tickets, key updates), and after a failed handshake the output
/// holds the alert that tells the other side why.
package final class TLSEngine {
    private let ssl: OpaquePointer
    /// Kept alive because OpenSSL's callbacks point into it.
    private let context: TLSContext
    private let pipe = TLSPipe()
    package private(set) var isHandshakeComplete = false
    /// The other side has said close_notify: nothing more will come.
    package private(set) var isClosedByPeer = false

    /// `host` is the name or address that a server's certificate must carry; `session` resumes an
    /// earlier connection.
    package init(
        _ context: TLSContext,
        host: String? = nil,
        session: TLSSession? = nil
    ) throws {
        guard let ssl = SSL_new(context.context), let bio = pipe.makeBIO() else {
            throw TLSFault.last(.configuration, "starting TLS")
        }
        self.ssl = ssl
        self.context = context
        // One reference is used up where both directions are the same BIO.
        SSL_set_bio(ssl, bio, bio)
        switch context.role {
        case .server: SSL_set_accept_state(ssl)
        case .client:
            SSL_set_connect_state(ssl)
            if let host { try expect(host) }
            if let session { SSL_set_session(ssl, session.session) }
        }
    }

    deinit { SSL_free(ssl) }

    private func expect(_ host: String) throws {
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        let isSet =
            isAddress
            ? cossl_expect_ip(ssl, host) == 1
            : SSL_set1_host(ssl, host) == 1 && cossl_set_sni(ssl, host) == 1
        guard isSet else { throw TLSFault.last(.configuration, "expecting the host \(host)") }
    }

    /// Moves the handshake on; a client calls it once to begin.
    package func handshake() throws {
        guard !isHandshakeComplete else { return }
        ERR_clear_error()
        let result = SSL_do_handshake(ssl)
        guard result != 1 else {
            isHandshakeComplete = true
            try judgePeer()
            return
        }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return
        default: throw TLSFault.handshake(ssl)
        }
    }

    /// A resumed session brings its old certificate along, so that its time is looked at again.
    private func judgePeer() throws {
        guard context.accepts(protocol: alpn) else {
            throw TLSFault(.noCommonProtocol, "the other side named no protocol")
        }
        guard context.isMutual else { return }
        guard let certificate = peerCertificate else {
            throw TLSFault(.noCertificate, "the other side has no certificate")
        }
        guard certificate.identity != nil else {
            throw TLSFault(.wrongIdentity, "the certificate names no identity of a deployment")
        }
        guard certificate.isLive else {
            throw TLSFault(.certificateExpired, "the certificate has expired")
        }
    }

    /// Takes ciphertext and appends the plaintext that it completes.
    package func receive(_ cipher: ByteBuffer, into plain: inout ByteBuffer) throws {
        try cipher.withUnsafeReadableBytes { bytes in
            try pipe.reading(bytes) {
                if !isHandshakeComplete {
                    try handshake()
                    guard isHandshakeComplete else { return }
                }
                plain.reserveCapacity(minimumWritableBytes: bytes.count)
                try readRecords(into: &plain)
            }
        }
    }

    private func readRecords(into plain: inout ByteBuffer) throws {
        while true {
            ERR_clear_error()
            var result: Int32 = 0
            plain.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.recordBytes) { target in
                result = SSL_read(ssl, target.baseAddress, Int32(clamping: target.count))
                return max(0, Int(result))
            }
            guard result <= 0 else { continue }
            switch SSL_get_error(ssl, result) {
            case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return
            case SSL_ERROR_ZERO_RETURN:
                isClosedByPeer = true
                return
            default: throw TLSFault.last(.brokenRecord, "reading")
            }
        }
    }

    /// Encrypts all of `plain`; the handshake must be complete.
    package func send(_ plain: ByteBuffer) throws {
        let count = plain.readableBytes
        pipe.reserve(count + (count / Self.recordBytes + 1) * Self.recordOverheadBytes)
        try plain.withUnsafeReadableBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                ERR_clear_error()
                let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
                let result = SSL_write(ssl, rest.baseAddress, Int32(clamping: rest.count))
                guard result > 0 else { throw TLSFault.last(.brokenRecord, "writing") }
                sent += Int(result)
            }
        }
    }

    /// Says close_notify.
    package func close() {
        guard isHandshakeComplete else { return }
        ERR_clear_error()
        SSL_shutdown(ssl)
    }

    /// Ciphertext that waits to be sent, or nil.
    package func takeOutput() -> ByteBuffer? { pipe.takeOutput() }

    private static let recordBytes = 16_384
    private static let recordOverheadBytes = 22
}

extension TLSEngine {
    /// The protocol agreed on, for example `h2`.
    package var alpn: String? {
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &name, &length)
        guard length > 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
    }

    /// The other side's certificate, once the handshake is complete.
    package var peerCertificate: Certificate? {
        SSL_get1_peer_certificate(ssl).map { Certificate(owning: $0) }
    }

    package var peerIdentity: PeerIdentity? { peerCertificate?.identity }

    /// For example `TLSv1.3`.
    package var version: String { String(cString: SSL_get_version(ssl)) }

    package var isResumed: Bool { SSL_session_reused(ssl) == 1 }

    /// What a client needs to resume this connection later, once a ticket has come.
    package var resumableSession: TLSSession? {
        guard let session = SSL_get1_session(ssl) else { return nil }
        guard SSL_SESSION_is_resumable(session) == 1 else {
            SSL_SESSION_free(session)
            return nil
        }
        return TLSSession(owning: session)
    }
}

/// A session to resume; OpenSSL counts its references and does not change it.
package final class TLSSession: @unchecked Sendable {
    let session: OpaquePointer

    init(owning session: OpaquePointer) { self.session = session }

    deinit { SSL_SESSION_free(session) }
}
