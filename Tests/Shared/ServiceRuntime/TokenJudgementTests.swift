import Crypto
import Foundation
import Identity
import Protocol
import AccessRules
import ServiceRuntime
import Testing

@Suite("Tokens are judged by fixed rules")
struct TokenJudgementTests {
    let forge: TokenForge
    let gate: AccessGate
    let clock = ManualClock()

    init() throws {
        forge = try TokenForge()
        gate = AccessGate(clock: clock.access)
        gate.install(forge.snapshot())
    }

    private func fault(_ token: String?) -> TokenFault? {
        do {
            _ = try gate.verify(token: token)
            return nil
        } catch {
            guard case .token(let fault) = error.reason else { return nil }
            #expect(error.error == .unauthenticated, "the answer must not tell \(fault)")
            return fault
        }
    }

    @Test("A good token stands for its account, key, scopes and sources")
    func good() throws {
        let verdict = try gate.verify(token: try forge.token())
        #expect(
            verdict.principal
                == Principal(
                    account: TokenForge.account,
                    keyID: TokenForge.keyID,
                    tokenID: "token-1",
                    scopes: [.postingBatchesWrite],
                    sources: ["SYSTEM_XYZ"]
                )
        )
        #expect(fault(nil) == .noToken)
        #expect(fault("") == .noToken)
    }

    @Test("A1-26: the twin in Unicode of a source, a user or a remembered token is a stranger")
    func twins() throws {
        var snapshot = forge.snapshot()
        snapshot.sources = ["BANK", "\u{212B}", "BAN\u{212A}"].map {
            AccessSnapshot.Source(
                sourceName: $0,
                account: TokenForge.account,
                commitPolicy: $0.utf8.count == 4 ? .allOrNothing : .perTransaction
            )
        }
        snapshot.staff = ["KAY", "\u{212A}AY"].enumerated().map { number, name in
            StaffUser(
                userID: Int64(number),
                username: name,
                account: "",
                role: "",
                department: "",
                isCashier: false,
                isActive: true
            )
        }
        let gate = AccessGate(clock: .system)
        snapshot.version = 2
        gate.install(snapshot)
        #expect(gate.source("\u{C5}") == nil)
        #expect(gate.source("A\u{30A}") == nil)
        #expect(gate.source("BANK")?.commitPolicy == .allOrNothing)
        #expect(gate.source("BAN\u{212A}")?.commitPolicy == .perTransaction)
        #expect(gate.staff(username: "KAY")?.user.userID == 0)
        #expect(gate.staff(username: "\u{212A}AY")?.user.userID == 1)
    }

    @Test(
        "A-01: an algorithm other than ES256 is refused, whatever the signature",
        arguments: [
            "none", "None", "NONE", "nOnE", "none ", "", "HS256", "hs256", "RS256", "ES384",
            "es256", "ES256 ", "ES256K", "PS256", "EdDSA",
        ]
    )
    func algorithms(_ name: String) throws {
        let header = forge.header(["alg": "\"\(name)\""])
        #expect(fault(try forge.token(header: header)) == .wrongAlgorithm)
        #expect(fault(forge.signingInput(header: header) + ".") == .wrongAlgorithm)
    }

    @Test(
        "A-01: an algorithm that is no string, or is missing, is refused",
        arguments: [nil, "1", "true"]
    )
    func algorithmTypes(_ value: String?) throws {
        let header = forge.header(["alg": value])
        #expect(fault(try forge.token(header: header)) == .wrongAlgorithm)
    }

    @Test(
        "A-01: HS256 with the public key as its secret is refused",
        arguments: ["pem", "der", "jwk"]
    )
    func confusion(_ form: String) throws {
        let secret = try #require(forge.publicKeyTexts[form])
        for algorithm in ["HS256", "ES256"] {
            let input = forge.signingInput(header: forge.header(["alg": "\"\(algorithm)\""]))
            let code = HMACSHA256.code(of: Array(input.utf8), key: secret)
            let token = input + "." + Base64URL.encode(code)
            #expect(fault(token) == (algorithm == "HS256" ? .wrongAlgorithm : .badSignature))
        }
    }

    @Test("A-02: a flipped bit anywhere is refused")
    func flippedBits() throws {
        let token = Array(try forge.token().utf8)
        for index in stride(from: 0, to: token.count, by: 7) {
            for bit in [UInt8(1), 4, 16] {
                var changed = token
                changed[index] ^= bit
                let text = String(decoding: changed, as: UTF8.self)
                #expect(fault(text) != nil, "bit \(bit) of byte \(index) went unnoticed")
            }
        }
    }

    @Test("A-02: a stripped, cut, padded or doubled signature is refused")
    func strippedSignature() throws {
        let token = try forge.token()
        let input = forge.signingInput()
        #expect(fault(input) == .malformed)
        #expect(fault(input + ".") == .badSignature)
        #expect(fault(String(token.dropLast(4))) == .badSignature)
        #expect(fault(token + "=") == .badSignature)
        #expect(fault(token + "." + input) == .malformed)
        #expect(fault(token + "AAAA") == .badSignature)
        #expect(fault(" " + token) == .malformed)
        #expect(fault(token + "\n") == .badSignature)
    }

    @Test("A-02: r or s of zero, of the order and above are refused")
    func signatureRange() throws {
        let order: [UInt8] = [
            0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
            0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2,
            0xFC, 0x63, 0x25, 0x51,
        ]
        let zero = [UInt8](repeating: 0, count: 32)
        let most = [UInt8](repeating: 0xFF, count: 32)
        let input = forge.signingInput()
        let good = try forge.key.sign(Array(input.utf8))
        for bad in [zero, order, most] {
            for signature in [bad + good[32...], good[..<32] + bad, bad + bad] {
                #expect(fault(input + "." + Base64URL.encode(signature)) == .badSignature)
            }
        }
    }

    @Test("A-02: a DER signature is refused")
    func derSignature() throws {
        let input = forge.signingInput()
        let raw = try forge.key.sign(Array(input.utf8))
        func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
            let body = (bytes.first ?? 0) >= 0x80 ? [0] + bytes : Array(bytes)
            return [0x02, UInt8(body.count)] + body
        }
        let body = integer(raw[..<32]) + integer(raw[32...])
        let der = [0x30, UInt8(body.count)] + body
        #expect(fault(input + "." + Base64URL.encode(der)) == .badSignature)
    }

    @Test("A-02: another key's signature is refused, also under its own id")
    func foreignKey() throws {
        let stranger = try TokenForge()
        #expect(fault(try stranger.token()) == .badSignature)
    }

    @Test(
        "A-03: times that are missing or no plain integers are refused",
        arguments: ["exp", "nbf", "iat"],
        [
            nil, "1.9e9", "1900000000.0", "1900000000.5", "\"1900000000\"", "-1", "true", "null",
            "99999999999999999999", "253402300800", "01900000000", "[1900000000]", "{}",
            "9007199254740993e0",
        ]
    )
    func timeTypes(_ name: String, _ value: String?) throws {
        let token = try forge.token(claims: forge.claims([name: value]))
        #expect(fault(token) == .malformedClaims)
    }

    @Test("A-03: exp is exact, nbf and iat tolerate sixty seconds, a life is one hour at most")
    func times() throws {
        let now = TokenForge.now
        func fault(_ claims: [String: String?]) throws -> TokenFault? {
            self.fault(try forge.token(claims: forge.claims(claims)))
        }
        #expect(try fault(["iat": "\(now - 3_600)", "exp": "\(now)"]) == .expired)
        #expect(try fault(["iat": "\(now - 3_599)", "exp": "\(now + 1)"]) == nil)
        #expect(try fault(["nbf": "\(now + 61)"]) == .notYetValid)
        #expect(try fault(["nbf": "\(now + 60)"]) == nil)
        #expect(
            try fault(["iat": "\(now + 61)", "exp": "\(now + 3_600)"]) == .notYetValid
        )
        #expect(try fault(["exp": "\(now + 3_601)"]) == .livesTooLong)
        #expect(try fault(["exp": "\(now)", "iat": "\(now)"]) == .livesTooLong)
    }

    @Test("A-03: a token that has passed once is refused when its hour is over")
    func endsInTheCache() throws {
        let token = try forge.token()
        #expect(fault(token) == nil)
        clock.advance(seconds: 3_599)
        gate.confirm(version: 1, askedAt: clock.access.monotonic())
        #expect(fault(token) == nil)
        clock.advance(seconds: 1)
        #expect(fault(token) == .expired)
    }

    @Test(
        "A-04: another issuer or audience is refused",
        arguments: [
            ("iss", "\"bursar://service/batch-service\""), ("iss", "\"\""), ("iss", "null"),
            ("iss", "1"), ("aud", "\"bursar-test\""), ("aud", "\"BURSAR\""), ("aud", "\"\""),
            ("aud", "[\"bursar\"]"), ("aud", "true"),
        ]
    )
    func issuerAndAudience(_ name: String, _ value: String) throws {
        let found = fault(try forge.token(claims: forge.claims([name: value])))
        let expected: Set<TokenFault> =
            value == "null" || value.hasPrefix("[")
            ? [.malformedClaims] : [name == "iss" ? .wrongIssuer : .wrongAudience]
        #expect(found.map(expected.contains) == true)
    }

    @Test(
        "A-04: another type, such as an id token's, is refused",
        arguments: [nil, "\"JWT\"", "\"jwt\"", "\"AT+JWT\"", "\"application/at+jwt\"", "1"]
    )
    func types(_ value: String?) throws {
        let token = try forge.token(header: forge.header(["typ": value]))
        #expect(fault(token) == .wrongType)
    }

    @Test(
        "A-05: a key id that is unknown, a path, SQL, or of another type is refused",
        arguments: [
            nil, "\"\"", "\"../../etc/passwd\"", "\"signing-key-1' OR '1'='1\"",
            "\"signing-key-1\\u0000\"", "\"signing-key-2\"", "\"SIGNING-KEY-1\"", "7",
            "\"https://evil.example/jwks.json\"",
        ]
    )
    func keyIDs(_ value: String?) throws {
        let token = try forge.token(header: forge.header(["kid": value]))
        #expect(fault(token) == .unknownKey)
    }

    @Test("A-05: a key id of a megabyte is refused before it is looked at")
    func hugeKeyID() throws {
        let kid = String(repeating: "k", count: 1 << 20)
        #expect(fault(try forge.token(header: forge.header(["kid": "\"\(kid)\""]))) == .tooLong)
    }

    @Test(
        "A-05: a header that brings or points to a key, or asks for more, is refused",
        arguments: ["jku", "x5u", "x5t", "cty", "b64", "zip", "nonce"]
    )
    func foreignHeaders(_ name: String) throws {
        let header = forge.header([name: "\"https://evil.example/\""])
        #expect(fault(try forge.token(header: header)) == .foreignHeader)
    }

    @Test(
        "A-05: jwk, x5c and crit are refused",
        arguments: [("jwk", "{\"kty\":\"EC\"}"), ("x5c", "[\"AA\"]"), ("crit", "[\"exp\"]")]
    )
    func nestedHeaders(_ name: String, _ value: String) throws {
        #expect(fault(try forge.token(header: forge.header([name: value]))) == .malformed)
    }

    @Test(
        "A header or claims that are no strict JSON are refused",
        arguments: [
            "", "{", "[]", "null", "{}x", "{\"alg\":\"ES256\",\"alg\":\"ES256\"}", "{\"a\":1,}",
            "\u{FEFF}{}", "{'a':1}", "{\"a\":NaN}", "{\"a\":\"\u{1}\"}", "{\"a\":\"\\ud800\"}",
        ]
    )
    func strictDocuments(_ text: String) throws {
        #expect(fault(try forge.token(header: Array(text.utf8))) == .malformed)
        #expect(fault(try forge.token(claims: Array(text.utf8))) == .malformedClaims)
    }

    @Test("Claims with a name given twice, also escaped, are refused")
    func duplicateClaims() throws {
        var claims = forge.claims()
        claims.removeLast()
        let twice = claims + Array(#","su\u0062":"administrator"}"#.utf8)
        #expect(fault(try forge.token(claims: twice)) == .malformedClaims)
        let invalid = claims + Array(#","x":""#.utf8) + [0xFF] + Array("\"}".utf8)
        #expect(fault(try forge.token(claims: invalid)) == .malformedClaims)
    }

    @Test(
        "A-07: scopes are compared byte for byte",
        arguments: [
            "api:accounts_receivable.postings.batches", "api:accounts_receivable.postings:write",
            "api:accounts_receivable.postings.batches:writex",
            "api:accounts_receivable.postings.batches:WRITE", "api:*", "*", "",
        ]
    )
    func scopes(_ scope: String) throws {
        let token = try forge.token(claims: forge.claims(["scope": "\"\(scope)\""]))
        #expect(throws: AccessRefusal.self) {
            try gate.authorize(token: token, authority: .scope(.postingBatchesWrite))
        }
        do {
            _ = try gate.authorize(token: token, authority: .scope(.postingBatchesWrite))
        } catch {
            #expect(error.word == "wrong_scope")
            #expect(error.error == .forbidden)
            #expect(error.claims?.account == TokenForge.account)
        }
    }

    @Test(
        "A-07: scopes with odd spaces are refused whole",
        arguments: [
            " api:accounts_receivable.postings.batches:write",
            "api:accounts_receivable.postings.batches:write ",
            "api:audit:read  api:accounts_receivable.postings.batches:write",
            "api:audit:read\\tapi:accounts_receivable.postings.batches:write",
            "api:audit:read\\u00a0api:accounts_receivable.postings.batches:write",
        ]
    )
    func spacedScopes(_ scope: String) throws {
        let token = try forge.token(claims: forge.claims(["scope": "\"\(scope)\""]))
        #expect(fault(token) == .malformedClaims)
    }

    @Test("A-07: a scope that the token holds but the account no longer does counts for nothing")
    func withdrawnGrant() throws {
        let token = try forge.token()
        let authority = MethodDescriptor.Authority.scope(.postingBatchesWrite)
        #expect(try gate.authorize(token: token, authority: authority) != nil)
        gate.install(forge.snapshot(version: 2, scopes: [.auditRead]))
        #expect(throws: AccessRefusal.self) {
            try gate.authorize(token: token, authority: authority)
        }
        #expect(try gate.authorize(token: token, authority: .token)?.scopes == [])
    }

    @Test("A-06: a service's own token is good only over that service's certificate")
    func boundToken() throws {
        let token = try forge.token(
            claims: forge.claims([
                "sub": "\"batch-service\"", "client_id": "\"service:batch-service\"",
                "scope": "\"\(Scope.postingTasksWrite.rawValue)\"",
            ])
        )
        let authority = MethodDescriptor.Authority.scope(.postingTasksWrite)
        #expect(
            try gate.authorize(token: token, authority: authority, peer: .service(.batch)) != nil
        )
        for peer in [
            PeerIdentity.service(.posting), .service(.gateway), .client("batch-service"),
        ] {
            do {
                _ = try gate.authorize(token: token, authority: authority, peer: peer)
                Issue.record("\(peer) used batch-service's token")
            } catch {
                #expect(error.word == "wrong_peer")
            }
        }
    }
}
