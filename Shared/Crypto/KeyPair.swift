internal import COpenSSL

extension Certificate {
    /// Whether `key` is the private key of this certificate.
    package func matches(_ key: P256PrivateKey) -> Bool {
        defer { ERR_clear_error() }
        return X509_check_private_key(x509, key.key) == 1
    }
}
