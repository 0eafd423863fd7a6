internal import COpenSSL

/// What a new certificate shall say.
package struct CertificateRequest: Sendable {
    package enum Usage: Sendable {
        case server
        case client
        case serverAndClient

        fileprivate var extendedKeyUsage: String {
            switch self {
            case .server: "serverAuth"
            case .client: "clientAuth"
            case .serverAndClient: "serverAuth,clientAuth"
            }
        }
    }

    package var commonName: String
    package var uris: [String]
    package var dnsNames: [String]
    /// In text form, for example `127.0.0.1` or `::1`.
    package var ipAddresses: [String]
    package var usage: Usage
    /// Seconds since 1970.
    package var notBefore: Int64
    package var notAfter: Int64

    package init(
        commonName: String,
        uris: [String] = [],
        dnsNames: [String] = [],
        ipAddresses: [String] = [],
        usage: Usage = .serverAndClient,
        notBefore: Int64,
        notAfter: Int64
    ) {
        self.commonName = commonName
        self.uris = uris
        self.dnsNames = dnsNames
        self.ipAddresses = ipAddresses
        self.usage = usage
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    fileprivate func alternativeNames() throws -> String? {
        let all =
            uris.map { "URI:" + $0 } + dnsNames.map { "DNS:" + $0 }
            + ipAddresses.map { "IP:" + $0 }
        for name in all where name.contains(where: { $0 == "," || $0.isNewline || $0 == "\\" }) {
            throw CryptoError("\(name) is no name for a certificate")
        }
        return all.isEmpty ? nil : all.joined(separator: ",")
    }
}

/// A deployment's certificate authority: a self-signed P-256 certificate and its key.
package struct CertificateAuthority: Sendable {
    package let certificate: Certificate
    package let key: P256PrivateKey

    /// Reads an authority that was made before; a certificate that is none is refused.
    package init(certificatePEM: String, keyPEM: String) throws {
        certificate = try Certificate(pem: certificatePEM)
        key = try P256PrivateKey(pem: keyPEM)
        guard certificate.isAuthority else {
            throw CryptoError("the certificate is not an authority's")
        }
        guard X509_check_private_key(certificate.x509, key.key) == 1 else {
            throw CryptoError.last("matching the authority's certificate and key")
        }
    }

    /// Makes a new authority; times are seconds since 1970.
    package init(commonName: String, notBefore: Int64, notAfter: Int64) throws {
        key = try P256PrivateKey()
        certificate = try Self.make(
            commonName: commonName,
            lifetime: (notBefore, notAfter),
            publicKey: key,
            signer: key,
            issuer: nil,
            extensions: [
                (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"),
                (NID_key_usage, "critical,keyCertSign,cRLSign"),
                (NID_subject_key_identifier, "hash"),
            ]
        )
    }

    /// Issues a certificate for a new key.
    package func issue(_ request: CertificateRequest) throws -> (Certificate, P256PrivateKey) {
        let leafKey = try P256PrivateKey()
        var extensions: [(Int32, String)] = [
            (NID_basic_constraints, "critical,CA:FALSE"),
            (NID_key_usage, "critical,digitalSignature"),
            (NID_ext_key_usage, request.usage.extendedKeyUsage),
            (NID_subject_key_identifier, "hash"),
            (NID_authority_key_identifier, "keyid"),
        ]
        if let names = try request.alternativeNames() {
            extensions.append((NID_subject_alt_name, names))
        }
        let leaf = try Self.make(
            commonName: request.commonName,
            lifetime: (request.notBefore, request.notAfter),
            publicKey: leafKey,
            signer: key,
            issuer: certificate,
            extensions: extensions
        )
        return (leaf, leafKey)
    }

    private static func make(
        commonName: String,
        lifetime: (from: Int64, to: Int64),
        publicKey: P256PrivateKey,
        signer: P256PrivateKey,
        issuer: Certificate?,
        extensions: [(Int32, String)]
    ) throws -> Certificate {
        guard let x509 = X509_new() else { throw CryptoError.last("making a certificate") }
        let certificate = Certificate(owning: x509)
        let subject = X509_get_subject_name(x509)
        var serial = RandomBytes.make(16)
        serial[0] = serial[0] & 0x7F | 0x40
        let number = BN_bin2bn(serial, Int32(serial.count), nil)
        defer { BN_free(number) }
        guard X509_set_version(x509, 2) == 1,
            BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) != nil,
            ASN1_TIME_set(X509_getm_notBefore(x509), time_t(lifetime.from)) != nil,
            ASN1_TIME_set(X509_getm_notAfter(x509), time_t(lifetime.to)) != nil,
            X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, commonName, -1, -1, 0) == 1,
            X509_set_issuer_name(x509, X509_get_subject_name(issuer?.x509 ?? x509)) == 1,
            X509_set_pubkey(x509, publicKey.key) == 1
        else { throw CryptoError.last("making a certificate") }
        for (nid, value) in extensions
        where cossl_x509_add_extension(x509, issuer?.x509 ?? x509, nid, value) != 1 {
            throw CryptoError.last("adding \(value) to a certificate")
        }
        guard X509_sign(x509, signer.key, EVP_sha256()) > 0 else {
            throw CryptoError.last("signing a certificate")
        }
        return certificate
    }
}

private let MBSTRING_UTF8: Int32 = 0x1000
