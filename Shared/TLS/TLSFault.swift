internal import COpenSSL

/// Why a TLS context could not be made, or why a connection ended.
package struct TLSFault: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Reason: String, Sendable {
        /// A file is missing, unreadable, open to others or does not match.
        case configuration
        case noCertificate = "no_certificate"
        case certificateExpired = "certificate_expired"
        case certificateNotYetValid = "certificate_not_yet_valid"
        /// Signed by nobody we trust, or by itself.
        case untrustedCertificate = "untrusted_certificate"
        /// Its extended key usage is for the other role.
        case wrongUsage = "wrong_usage"
        case wrongHost = "wrong_host"
        /// It names no identity of a deployment, more than one, or not the one expected.
        case wrongIdentity = "wrong_identity"
        case noCommonProtocol = "no_common_protocol"
        /// The other side refused us, or spoke no TLS.
        case handshakeFailed = "handshake_failed"
        case brokenRecord = "broken_record"
        /// The connection ended without close_notify.
        case truncated
        case timedOut = "timed_out"

        /// Whether the other side's certificate was at fault: such refusals are audited.
        package var isAboutCertificate: Bool {
            switch self {
            case .noCertificate, .certificateExpired, .certificateNotYetValid,
                .untrustedCertificate, .wrongUsage, .wrongHost, .wrongIdentity:
                true
            case .configuration, .noCommonProtocol, .handshakeFailed, .brokenRecord, .truncated,
                .timedOut:
                false
            }
        }
    }

    package let reason: Reason
    package let description: String

    package init(_ reason: Reason, _ description: String) {
        self.reason = reason
        self.description = description
    }

    /// The newest error of this thread's OpenSSL queue, which is emptied.
    static func last(_ reason: Reason, _ action: String) -> TLSFault {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard code != 0, let text = ERR_reason_error_string(code) else {
            return TLSFault(reason, action)
        }
        return TLSFault(reason, "\(action): \(String(cString: text))")
    }

    /// What made the handshake of `ssl` fail.
    static func handshake(_ ssl: OpaquePointer) -> TLSFault {
        let code = ERR_peek_last_error()
        let reason = cossl_err_reason(code)
        let verification = SSL_get_verify_result(ssl)
        if reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE {
            return last(.noCertificate, "handshake")
        }
        if reason == SSL_R_CERTIFICATE_VERIFY_FAILED, Int32(verification) != X509_V_OK {
            ERR_clear_error()
            return TLSFault(
                Self.reason(verification: Int32(verification)),
                String(cString: X509_verify_cert_error_string(verification))
            )
        }
        if reason == SSL_R_NO_APPLICATION_PROTOCOL {
            return last(.noCommonProtocol, "handshake")
        }
        return last(.handshakeFailed, "handshake")
    }

    private static func reason(verification: Int32) -> Reason {
        switch verification {
        case X509_V_ERR_CERT_HAS_EXPIRED: .certificateExpired
        case X509_V_ERR_CERT_NOT_YET_VALID: .certificateNotYetValid
        case X509_V_ERR_INVALID_PURPOSE: .wrongUsage
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: .wrongHost
        default: .untrustedCertificate
        }
    }
}
