internal import COpenSSL

/// An X.509 certificate as read from PEM: who it names and how long it lives.
package final class Certificate: @unchecked Sendable {
    let x509: OpaquePointer

    /// Takes over one reference.
    package init(owning x509: OpaquePointer) { self.x509 = x509 }

    deinit { X509_free(x509) }

    /// Reads the first certificate of a PEM text.
    package convenience init(pem: String) throws {
        self.init(
            owning: try PEM.read(pem, "reading a certificate") { bio in
                PEM_read_bio_X509(bio, nil, nil, nil)
            }
        )
    }

    package func pem() throws -> String {
        try PEM.write("writing a certificate") { PEM_write_bio_X509($0, x509) }
    }

    /// Seconds since 1970 from which on the certificate is valid.
    package var notBefore: Int64 { cossl_asn1_time(X509_get0_notBefore(x509)) }
    /// Seconds since 1970 after which the certificate is no longer valid.
    package var notAfter: Int64 { cossl_asn1_time(X509_get0_notAfter(x509)) }
    package var isAuthority: Bool { cossl_x509_is_authority(x509) == 1 }
    package var uris: [String] { names(GEN_URI).map(Self.text) }
    package var dnsNames: [String] { names(GEN_DNS).map(Self.text) }
    /// Addresses as 4 or 16 bytes each.
    package var ipAddresses: [[UInt8]] { names(GEN_IPADD) }

    package var commonName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        let length = X509_NAME_get_text_by_NID(
            X509_get_subject_name(x509),
            NID_commonName,
            &buffer,
            Int32(buffer.count)
        )
        guard length > 0 else { return "" }
        return Self.text(buffer[..<Int(length)].map { UInt8(bitPattern: $0) })
    }

    /// SHA-256 of the DER form, as `cnf.x5t#S256` of RFC 8705 uses it.
    package var fingerprint: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            X509_digest(x509, EVP_sha256(), buffer.baseAddress, nil)
            count = 32
        }
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private func names(_ type: Int32) -> [[UInt8]] {
        var found: [[UInt8]] = []
        var buffer = [UInt8](repeating: 0, count: 512)
        while true {
            let length = cossl_x509_alternative_name(
                x509,
                type,
                Int32(found.count),
                &buffer,
                Int32(buffer.count)
            )
            guard length >= 0 else { return found }
            found.append(Array(buffer[..<Int(length)]))
        }
    }
}

extension Certificate {
    /// Whether the present moment lies within the certificate's life.
    package var isLive: Bool {
        X509_cmp_current_time(X509_get0_notBefore(x509)) < 0
            && X509_cmp_current_time(X509_get0_notAfter(x509)) > 0
    }
}
