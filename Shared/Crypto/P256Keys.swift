internal import COpenSSL

/// A private key on P-256: signs tokens (ES256) and certificates.
///
/// OpenSSL's key is reference counted and never changed after it is made, so that it may be shared.
package final class P256PrivateKey: @unchecked Sendable {
    let key: OpaquePointer
    package let publicKey: P256PublicKey

    private init(owning key: OpaquePointer) throws {
        self.key = key
        do {
            publicKey = try P256PublicKey(sharing: key)
        } catch {
            EVP_PKEY_free(key)
            throw error
        }
    }

    deinit { EVP_PKEY_free(key) }

    /// A new random key.
    package convenience init() throws {
        guard let key = cossl_p256_generate() else { throw CryptoError.last("generating a key") }
        try self.init(owning: key)
    }

    /// Reads PKCS #8 or SEC 1 PEM without a passphrase; a key on another curve is refused.
    package convenience init(pem: String) throws {
        let key = try PEM.read(pem, "reading a private key") { bio in
            PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in 0 }, nil)
        }
        try self.init(owning: key)
    }

    /// PKCS #8 PEM, unencrypted: store it with mode 0600.
    package func pem() throws -> String {
        try PEM.write("writing a private key") { bio in
            PEM_write_bio_PKCS8PrivateKey(bio, key, nil, nil, 0, nil, nil)
        }
    }

    /// An ES256 signature (RFC 7518 section 3.4): r then s, 32 bytes each.
    package func sign(_ message: [UInt8]) throws -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw CryptoError.last("signing") }
        defer { EVP_MD_CTX_free(context) }
        var length = 80
        var der = [UInt8](repeating: 0, count: length)
        guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
            EVP_DigestSign(context, &der, &length, message, message.count) == 1
        else { throw CryptoError.last("signing") }
        return try ECDSASignature.raw(der: der[..<length])
    }
}

/// A public key on P-256.
package final class P256PublicKey: @unchecked Sendable {
    private let key: OpaquePointer
    /// The affine coordinates, 32 bytes each.
    package let x: [UInt8]
    package let y: [UInt8]

    init(sharing key: OpaquePointer) throws {
        var point = [UInt8](repeating: 0, count: 64)
        guard cossl_p256_coordinates(key, &point) == 1 else {
            ERR_clear_error()
            throw CryptoError("the key is not on P-256")
        }
        EVP_PKEY_up_ref(key)
        self.key = key
        x = Array(point[..<32])
        y = Array(point[32...])
    }

    deinit { EVP_PKEY_free(key) }

    /// A key from a JWK's coordinates; a point that is not on the curve is refused.
    package convenience init(x: [UInt8], y: [UInt8]) throws {
        guard x.count == 32, y.count == 32 else {
            throw CryptoError("a coordinate is not 32 bytes long")
        }
        let point = [4] + x + y
        guard let key = cossl_p256_from_point(point, point.count) else {
            throw CryptoError.last("reading a public key")
        }
        defer { EVP_PKEY_free(key) }
        try self.init(sharing: key)
    }

    /// The coordinates as a JWK holds them (RFC 7518 section 6.2.1).
    package var coordinates: (x: String, y: String) {
        (Base64URL.encode(x), Base64URL.encode(y))
    }

    /// Whether `signature` (r then s, 64 bytes) is this key's ES256 signature of `message`.
    package func verify(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard let der = ECDSASignature.der(raw: signature), let context = EVP_MD_CTX_new() else {
            return false
        }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        guard EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1 else { return false }
        return EVP_DigestVerify(context, der, der.count, message, message.count) == 1
    }
}

/// Between the two writings of an ECDSA signature: DER, and r then s at a fixed width.
enum ECDSASignature {
    static func raw(der: ArraySlice<UInt8>) throws -> [UInt8] {
        let signature = der.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return d2i_ECDSA_SIG(nil, &cursor, buffer.count)
        }
        guard let signature else { throw CryptoError.last("reading a signature") }
        defer { ECDSA_SIG_free(signature) }
        var out = [UInt8](repeating: 0, count: 64)
        let written = out.withUnsafeMutableBufferPointer { buffer -> Int32 in
            guard let base = buffer.baseAddress else { return 0 }
            return BN_bn2binpad(ECDSA_SIG_get0_r(signature), base, 32)
                + BN_bn2binpad(ECDSA_SIG_get0_s(signature), base + 32, 32)
        }
        guard written == 64 else { throw CryptoError.last("reading a signature") }
        return out
    }

    static func der(raw: [UInt8]) -> [UInt8]? {
        guard raw.count == 64, let signature = ECDSA_SIG_new() else { return nil }
        defer { ECDSA_SIG_free(signature) }
        let r = BN_bin2bn(raw, 32, nil)
        let s = raw[32...].withUnsafeBufferPointer { BN_bin2bn($0.baseAddress, 32, nil) }
        guard ECDSA_SIG_set0(signature, r, s) == 1 else {
            BN_free(r)
            BN_free(s)
            return nil
        }
        let length = Int(i2d_ECDSA_SIG(signature, nil))
        guard length > 0 else { return nil }
        var out = [UInt8](repeating: 0, count: length)
        out.withUnsafeMutableBufferPointer { buffer in
            var cursor = buffer.baseAddress
            _ = i2d_ECDSA_SIG(signature, &cursor)
        }
        return out
    }
}
