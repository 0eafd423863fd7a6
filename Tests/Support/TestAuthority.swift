package import Crypto
internal import Foundation
package import Identity
package import TLS
internal import Transport

/// A throw-away certificate authority with its files in a folder that goes when it goes.
package final class TestAuthority: Sendable {
    private let folder: URL
    package let authority: CertificateAuthority

    package var authorityPath: String { folder.appending(path: "ca.crt").path }

    package init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "bursar-test-" + Hexadecimal.encode(RandomBytes.make(8)))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let now = Int64(Date().timeIntervalSince1970)
        authority = try CertificateAuthority(
            commonName: "test authority",
            notBefore: now - 3_600,
            notAfter: now + 86_400
        )
        try authority.certificate.pem()
            .write(to: folder.appending(path: "ca.crt"), atomically: true, encoding: .utf8)
    }

    deinit {
        // The system clears its temporary folder if we cannot.
        try? FileManager.default.removeItem(at: folder)
    }

    /// Paths of a new certificate and its key (mode 0600).
    package struct Files: Sendable {
        package let certificate: String
        package let key: String
    }

    /// Issues a certificate; times are seconds from now.
    package func issue(
        uris: [String],
        dnsNames: [String] = ["localhost"],
        ipAddresses: [String] = ["127.0.0.1", "::1"],
        usage: CertificateRequest.Usage = .serverAndClient,
        from: Int64 = -3_600,
        until: Int64 = 86_400
    ) throws -> Files {
        let now = Int64(Date().timeIntervalSince1970)
        let (certificate, key) = try authority.issue(
            CertificateRequest(
                commonName: uris.first ?? "nobody",
                uris: uris,
                dnsNames: dnsNames,
                ipAddresses: ipAddresses,
                usage: usage,
                notBefore: now + from,
                notAfter: now + until
            )
        )
        let name = Hexadecimal.encode(RandomBytes.make(6))
        let files = Files(
            certificate: folder.appending(path: name + ".crt").path,
            key: folder.appending(path: name + ".key").path
        )
        try certificate.pem().write(toFile: files.certificate, atomically: true, encoding: .utf8)
        let bytes = Data(try key.pem().utf8)
        let isWritten = FileManager.default.createFile(
            atPath: files.key,
            contents: bytes,
            attributes: [.posixPermissions: 0o600]
        )
        guard isWritten else { throw CocoaError(.fileWriteUnknown) }
        return files
    }

    package func issue(_ identity: PeerIdentity) throws -> Files {
        try issue(uris: [identity.uri])
    }

    /// Makes a file readable by everybody.
    package func openToOthers(_ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    }

    package func serverContext(_ service: ServiceName) throws -> TLSContext {
        let files = try issue(.service(service))
        return try .rpcServer(
            certificate: files.certificate,
            key: files.key,
            authority: authorityPath
        )
    }

    package func clientContext(_ identity: PeerIdentity) throws -> TLSContext {
        try clientContext(issue(identity))
    }

    package func clientContext(_ files: Files) throws -> TLSContext {
        try .rpcClient(
            certificate: files.certificate,
            key: files.key,
            authority: authorityPath
        )
    }
}
