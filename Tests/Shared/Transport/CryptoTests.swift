import Crypto
import Testing

@Suite("Crypto")
struct CryptoTests {
    @Test("SHA-256 and HMAC give the values of their specifications")
    func digests() {
        #expect(
            Hexadecimal.encode(SHA256.digest("abc"))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        let code = HMACSHA256.code(
            of: Array("what do ya want for nothing?".utf8),
            key: Array("Jefe".utf8)
        )
        #expect(
            Hexadecimal.encode(code)
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )
        var pieces = SHA256()
        for byte in "abc".utf8 { withUnsafeBytes(of: byte) { pieces.update($0) } }
        #expect(pieces.finish() == SHA256.digest("abc"))
    }

    @Test("base64url reads what it writes, and nothing else")
    func base64URL() {
        for count in 0..<70 {
            let bytes = RandomBytes.make(count)
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
        for wrong in ["A", "AA==", "A+", "A/", "AB\n", "-_9", "é"] {
            #expect(Base64URL.decode(wrong) == nil, "\(wrong)")
        }
    }

    @Test("An ES256 signature of RFC 7515 appendix A.3 verifies")
    func knownSignature() throws {
        let x = try #require(Base64URL.decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"))
        let y = try #require(Base64URL.decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"))
        let key = try P256PublicKey(x: x, y: y)
        let message = """
            eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQog\
            Imh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ
            """
        var signature = try #require(
            Base64URL.decode(
                "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
            )
        )
        #expect(key.verify(signature, of: Array(message.utf8)))
        #expect(!key.verify(signature, of: Array((message + "x").utf8)))
        signature[63] ^= 1
        #expect(!key.verify(signature, of: Array(message.utf8)))
    }

    @Test("A signature verifies with the signer's key alone, also after PEM")
    func signing() throws {
        let key = try P256PrivateKey()
        let message = Array("message".utf8)
        for _ in 0..<50 {
            let signature = try key.sign(message)
            #expect(signature.count == 64)
            #expect(key.publicKey.verify(signature, of: message))
        }
        let again = try P256PrivateKey(pem: key.pem())
        #expect(again.publicKey.x == key.publicKey.x)
        #expect(key.publicKey.verify(try again.sign(message), of: message))
        #expect(!(try P256PrivateKey().publicKey.verify(key.sign(message), of: message)))
    }

    @Test("A point off the curve, a short signature and an empty one are refused")
    func wrongInput() throws {
        let key = try P256PrivateKey().publicKey
        var y = key.y
        y[31] ^= 1
        #expect(throws: CryptoError.self) { try P256PublicKey(x: key.x, y: y) }
        #expect(throws: CryptoError.self) { try P256PublicKey(x: [1], y: key.y) }
        for count in [0, 1, 63, 65] {
            #expect(!key.verify([UInt8](repeating: 0, count: count), of: [1]))
        }
        #expect(!key.verify([UInt8](repeating: 0, count: 64), of: [1]))
    }

    @Test("A certificate says what was asked for, and its authority reads back")
    func certificates() throws {
        let authority = try CertificateAuthority(
            commonName: "ca",
            notBefore: 1_700_000_000,
            notAfter: 4_000_000_000
        )
        let again = try CertificateAuthority(
            certificatePEM: authority.certificate.pem(),
            keyPEM: authority.key.pem()
        )
        let (leaf, _) = try again.issue(
            CertificateRequest(
                commonName: "leaf",
                uris: ["bursar://client/demo"],
                dnsNames: ["localhost"],
                ipAddresses: ["127.0.0.1", "::1"],
                notBefore: 1_700_000_000,
                notAfter: 2_000_000_000
            )
        )
        let read = try Certificate(pem: leaf.pem())
        #expect(read.uris == ["bursar://client/demo"])
        #expect(read.dnsNames == ["localhost"])
        #expect(read.ipAddresses == [[127, 0, 0, 1], [UInt8](repeating: 0, count: 15) + [1]])
        #expect(read.notBefore == 1_700_000_000)
        #expect(read.notAfter == 2_000_000_000)
        #expect(read.commonName == "leaf")
        #expect(!read.isAuthority)
        #expect(again.certificate.isAuthority)
        #expect(throws: CryptoError.self) {
            try CertificateAuthority(certificatePEM: leaf.pem(), keyPEM: authority.key.pem())
        }
    }

    @Test("A name that would add another name is refused")
    func injection() throws {
        let authority = try CertificateAuthority(commonName: "ca", notBefore: 0, notAfter: 1)
        #expect(throws: CryptoError.self) {
            try authority.issue(
                CertificateRequest(
                    commonName: "x",
                    dnsNames: ["a,URI:bursar://service/gateway"],
                    notBefore: 0,
                    notAfter: 1
                )
            )
        }
    }

    @Test("Comparison in constant time compares")
    func comparison() {
        #expect(constantTimeEquals([1, 2], [1, 2]))
        #expect(!constantTimeEquals([1, 2], [1, 3]))
        #expect(!constantTimeEquals([1, 2], [1, 2, 3]))
        #expect(constantTimeEquals([], []))
    }
}
