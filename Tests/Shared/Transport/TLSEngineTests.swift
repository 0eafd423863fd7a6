import Identity
import NIOCore
import Protocol
import TestSupport
import Testing

import TLS
@testable import Transport

/// Two engines back to back, without a socket.
final class EnginePair {
    let client: TLSEngine
    let server: TLSEngine
    private(set) var clientFault: (any Error)?
    private(set) var serverFault: (any Error)?
    private(set) var toClient = ByteBuffer()
    private(set) var toServer = ByteBuffer()

    init(
        client: TLSContext,
        server: TLSContext,
        host: String = "127.0.0.1",
        session: TLSSession? = nil
    ) throws {
        self.client = try TLSEngine(client, host: host, session: session)
        self.server = try TLSEngine(server)
    }

    /// Runs the handshake to its end; throws what either side says, after both have heard it.
    func shake() throws {
        try client.handshake()
        for _ in 0..<8 { exchange() }
        if let fault = clientFault ?? serverFault { throw fault }
    }

    /// Carries what waits on both sides to the other.
    func exchange() {
        if let output = client.takeOutput() {
            do { try server.receive(output, into: &toServer) } catch { serverFault = error }
        }
        if let output = server.takeOutput() {
            do { try client.receive(output, into: &toClient) } catch { clientFault = error }
        }
    }
}

@Suite("TLS engine")
struct TLSEngineTests {
    private let authority: TestAuthority
    private let serverContext: TLSContext
    private let clientContext: TLSContext

    init() throws {
        authority = try TestAuthority()
        serverContext = try authority.serverContext(.posting)
        clientContext = try authority.clientContext(.client("demo"))
    }

    @Test("Both sides learn who the other is, over TLS 1.3 and the protocol's name")
    func handshake() throws {
        let pair = try EnginePair(client: clientContext, server: serverContext)
        try pair.shake()
        #expect(pair.server.peerIdentity == .client("demo"))
        #expect(pair.client.peerIdentity == .service(.posting))
        #expect(pair.server.alpn == "bursar/1")
        #expect(pair.client.version == "TLSv1.3")
    }

    @Test("Bytes of any size come out as they went in", arguments: [1, 16_384, 16_385, 1 << 20])
    func bytes(size: Int) throws {
        let pair = try EnginePair(client: clientContext, server: serverContext)
        try pair.shake()
        try pair.client.send(patterned(size))
        pair.exchange()
        #expect(pair.toServer == patterned(size))
        try pair.server.send(patterned(size))
        pair.exchange()
        #expect(pair.toClient == patterned(size))
    }

    @Test("The alert that says why a handshake failed reaches the other side")
    func alert() throws {
        let files = try authority.issue(
            uris: [PeerIdentity.client("demo").uri],
            from: -7_200,
            until: -3_600
        )
        let expired = try authority.clientContext(files)
        let pair = try EnginePair(client: expired, server: serverContext)
        #expect(throws: TLSFault.self) { try pair.shake() }
        #expect((pair.serverFault as? TLSFault)?.reason == .certificateExpired)
        #expect((pair.clientFault as? TLSFault)?.description.contains("expired") == true)
    }

    @Test("A fault of one connection does not show in another of the same thread")
    func errorQueue() throws {
        let good = try EnginePair(client: clientContext, server: serverContext)
        try good.shake()
        for _ in 0..<3 {
            let bad = try TLSEngine(serverContext)
            var plain = ByteBuffer()
            #expect(throws: TLSFault.self) {
                try bad.receive(ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n"), into: &plain)
            }
            try good.client.send(ByteBuffer(string: "still"))
            good.exchange()
        }
        #expect(good.serverFault == nil)
        #expect(String(buffer: good.toServer) == "stillstillstill")
    }

    @Test("A second connection resumes the first, and the identity is still known")
    func resumption() throws {
        let first = try EnginePair(client: clientContext, server: serverContext)
        try first.shake()
        let session = try #require(first.client.resumableSession)
        let second = try EnginePair(
            client: clientContext,
            server: serverContext,
            session: session
        )
        try second.shake()
        #expect(second.server.isResumed)
        #expect(second.server.peerIdentity == .client("demo"))
    }

    @Test("close_notify is told apart from a record")
    func closeNotify() throws {
        let pair = try EnginePair(client: clientContext, server: serverContext)
        try pair.shake()
        #expect(!pair.server.isClosedByPeer)
        pair.client.close()
        pair.exchange()
        #expect(pair.server.isClosedByPeer)
        try pair.server.send(ByteBuffer(string: "last words"))
        pair.exchange()
        #expect(String(buffer: pair.toClient) == "last words")
    }

    @Test("A record that was changed on its way is refused")
    func tampered() throws {
        let pair = try EnginePair(client: clientContext, server: serverContext)
        try pair.shake()
        try pair.client.send(ByteBuffer(string: "pay 10"))
        var cipher = try #require(pair.client.takeOutput())
        let last = cipher.writerIndex - 1
        let byte = try #require(cipher.getInteger(at: last, as: UInt8.self))
        cipher.setInteger(byte ^ 1, at: last)
        var plain = ByteBuffer()
        #expect(throws: TLSFault.self) { try pair.server.receive(cipher, into: &plain) }
        #expect(plain.readableBytes == 0)
    }

    @Test("A caller without the protocol's name is refused")
    func otherProtocol() throws {
        let edge = try TLSContext.edgeClient(
            authority: authority.authorityPath,
            protocols: ["http/1.1"]
        )
        let pair = try EnginePair(client: edge, server: serverContext)
        #expect(throws: TLSFault.self) { try pair.shake() }
        #expect((pair.serverFault as? TLSFault)?.reason == .noCommonProtocol)
    }

    @Test("The edge chooses h2 before http/1.1 and asks for no certificate")
    func edge() throws {
        let files = try authority.issue(.service(.gateway))
        let server = try TLSContext.edgeServer(certificate: files.certificate, key: files.key)
        for (offered, chosen) in [(["http/1.1", "h2"], "h2"), (["http/1.1"], "http/1.1")] {
            let client = try TLSContext.edgeClient(
                authority: authority.authorityPath,
                protocols: offered
            )
            let pair = try EnginePair(client: client, server: server)
            try pair.shake()
            #expect(pair.server.alpn == chosen)
            #expect(pair.server.peerIdentity == nil)
        }
    }
}
