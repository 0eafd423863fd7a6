import Crypto
import Identity
import NIOCore
import Protocol
import TestSupport
import Testing

import TLS
@testable import Transport

@Suite("Certificates and identities")
struct CertificateTests {
    private static let demo = PeerIdentity.client("demo")

    /// Calls with a certificate that must not be accepted; what the server and the caller say.
    private func refused(_ tls: TLSContext, by harness: RPCHarness) async throws -> [String] {
        let client = harness.client(tls)
        let error = await refusal {
            try await client.call(
                TestMethods.echo,
                options: CallOptions(timeout: .seconds(3), failsFast: true)
            )
        }
        #expect(error?.status == .unavailable)
        try await eventually("the refusal is reported") { !harness.refusals.isEmpty }
        await client.close()
        return harness.refusals.map(\.reason)
    }

    @Test("S-02: an expired certificate is refused before any call, and reported")
    func expired() async throws {
        let harness = try await RPCHarness(methods: [Self.neverCalled])
        let files = try harness.authority.issue(uris: [Self.demo.uri], from: -7_200, until: -3_600)
        let reasons = try await refused(harness.authority.clientContext(files), by: harness)
        #expect(reasons.contains("certificate_expired"))
        try await harness.stop()
    }

    @Test("S-02: a certificate that is not valid yet is refused")
    func notYetValid() async throws {
        let harness = try await RPCHarness(methods: [Self.neverCalled])
        let files = try harness.authority.issue(uris: [Self.demo.uri], from: 3_600)
        let reasons = try await refused(harness.authority.clientContext(files), by: harness)
        #expect(reasons.contains("certificate_not_yet_valid"))
        try await harness.stop()
    }

    @Test("S-02: a certificate of another authority is refused")
    func otherAuthority() async throws {
        let harness = try await RPCHarness(methods: [Self.neverCalled])
        let other = try TestAuthority()
        let files = try other.issue(Self.demo)
        let tls = try TLSContext.rpcClient(
            certificate: files.certificate,
            key: files.key,
            authority: harness.authority.authorityPath
        )
        #expect(try await refused(tls, by: harness).contains("untrusted_certificate"))
        try await harness.stop()
    }

    @Test("S-02: a certificate for servers alone is refused as a caller's")
    func wrongUsage() async throws {
        let harness = try await RPCHarness(methods: [Self.neverCalled])
        let files = try harness.authority.issue(uris: [Self.demo.uri], usage: .server)
        let reasons = try await refused(harness.authority.clientContext(files), by: harness)
        #expect(reasons.contains("wrong_usage"))
        try await harness.stop()
    }

    @Test("S-02: no certificate at all is refused")
    func noCertificate() async throws {
        let harness = try await RPCHarness(methods: [Self.neverCalled])
        let tls = try TLSContext.edgeClient(
            authority: harness.authority.authorityPath,
            protocols: [ProtocolLimits.alpn]
        )
        #expect(try await refused(tls, by: harness).contains("no_certificate"))
        try await harness.stop()
    }

    @Test(
        "S-02: a certificate that names no identity, another scheme's or two is refused",
        arguments: [
            [], ["spiffe://bursar/service/gateway"], ["bursar://robot/x"],
            ["bursar://client/demo", "bursar://service/gateway"], ["bursar://client/Demo"],
        ]
    )
    func wrongIdentity(uris: [String]) async throws {
        let harness = try await RPCHarness(methods: [Self.neverCalled])
        let files = try harness.authority.issue(uris: uris)
        let reasons = try await refused(harness.authority.clientContext(files), by: harness)
        #expect(reasons.contains("wrong_identity"))
        try await harness.stop()
    }

    @Test("S-03: a service may call only the methods that admit it, and the rest is reported")
    func methodCallers() async throws {
        let onlyBatch = TestMethods.method("test.only_batch", callers: .services([.batch]))
        let edge = TestMethods.method("test.edge", callers: .edgeAndClients)
        let answer = ByteBuffer(string: "yes")
        let harness = try await RPCHarness(
            methods: [onlyBatch, edge].map { method in
                MethodBinding(method) { _ in OutgoingReply(body: answer) }
            }
        )
        let callers: [(PeerIdentity, Bool, Bool)] = [
            (.service(.batch), true, false), (.service(.gateway), false, true),
            (.client("demo"), false, true), (.service(.ach), false, false),
        ]
        for (identity, mayCallFirst, mayCallSecond) in callers {
            let client = try harness.client(as: identity)
            let first = await refusal { try await client.call(onlyBatch) }
            #expect((first == nil) == mayCallFirst, "\(identity)")
            let second = await refusal { try await client.call(edge) }
            #expect((second == nil) == mayCallSecond, "\(identity)")
            for error in [first, second].compactMap({ $0 }) { #expect(error == .forbidden) }
            await client.close()
        }
        let refusals = harness.refusals
        #expect(refusals.count == 5)
        #expect(refusals.allSatisfy { $0.reason == "caller_not_allowed" && !$0.requestID.isEmpty })
        try await harness.stop()
    }

    @Test("S-04: a server with another service's certificate is not called")
    func otherService() async throws {
        let harness = try await RPCHarness(service: .posting, methods: [Self.neverCalled])
        let client = try harness.client(to: .auth)
        let error = await refusal {
            try await client.call(
                TestMethods.echo,
                options: CallOptions(timeout: .seconds(3), failsFast: true)
            )
        }
        #expect(error?.processed == .no)
        #expect(error?.message.contains("not bursar://service/auth-service") == true)
        await client.close()
        try await harness.stop()
    }

    @Test("S-04: a server with another host's certificate is not called")
    func otherHost() async throws {
        let authority = try TestAuthority()
        let files = try authority.issue(
            uris: [PeerIdentity.service(.posting).uri],
            dnsNames: ["elsewhere.example"],
            ipAddresses: ["10.0.0.1"]
        )
        let server = try TLSContext.rpcServer(
            certificate: files.certificate,
            key: files.key,
            authority: authority.authorityPath
        )
        let pair = try EnginePair(
            client: authority.clientContext(Self.demo),
            server: server,
            host: "127.0.0.1"
        )
        #expect(throws: TLSFault.self) { try pair.shake() }
        #expect((pair.clientFault as? TLSFault)?.reason == .wrongHost)
    }

    @Test("S-10: a key that is missing, open to others or another certificate's stops the start")
    func keys() throws {
        let authority = try TestAuthority()
        let files = try authority.issue(Self.demo)
        let other = try authority.issue(Self.demo)
        let cases = [files.certificate + ".none", other.key, authority.authorityPath]
        for key in cases {
            #expect(throws: TLSFault.self, "\(key)") {
                try TLSContext.rpcServer(
                    certificate: files.certificate,
                    key: key,
                    authority: authority.authorityPath
                )
            }
        }
        try authority.openToOthers(files.key)
        #expect(throws: TLSFault.self) { try authority.clientContext(files) }
    }

    private static let neverCalled = MethodBinding(TestMethods.echo) { call in
        Issue.record("a refused caller's request was handled: \(call.peer)")
        return OutgoingReply(body: ByteBuffer())
    }
}
