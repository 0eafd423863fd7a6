import Crypto
import Foundation
import Testing

@testable import BursarCommands

@Suite("The certificates of a deployment")
struct CertificateStoreTests {
    private let place: TemporaryFolder
    private let store: CertificateStore
    private let authority: CertificateAuthority

    init() throws {
        place = try TemporaryFolder()
        store = CertificateStore(folder: place.path, now: 1_800_000_000)
        authority = try store.makeAuthority()
    }

    private func certificate(_ name: String) throws -> Certificate {
        try #require(try store.certificate(name))
    }

    @Test("S-10: keys have mode 0600, and the authority is read back from its files")
    func authorityFiles() throws {
        #expect(try place.mode(of: "ca.key") == 0o600)
        let read = try #require(try store.authority())
        #expect(read.certificate.fingerprint == authority.certificate.fingerprint)
        #expect(read.certificate.isAuthority)
    }

    @Test("A service's certificate names it, this machine, and the hosts asked for")
    func service() throws {
        try store.issue(
            .service("gateway"),
            from: authority,
            days: 10,
            hosts: ["edge.example", "10.0.0.7", "localhost"]
        )
        let certificate = try certificate("gateway")
        #expect(certificate.uris == ["bursar://service/gateway"])
        #expect(certificate.dnsNames == ["localhost", "edge.example"])
        #expect(
            certificate.ipAddresses == [
                [127, 0, 0, 1], [UInt8](repeating: 0, count: 15) + [1], [10, 0, 0, 7],
            ]
        )
        #expect(CertificateStore.daysLeft(certificate, now: store.now) == 10)
        #expect(try place.mode(of: "gateway.key") == 0o600)
    }

    @Test("A renewed certificate keeps its identity and its hosts and has a new key")
    func renewal() throws {
        try store.issue(.service("gateway"), from: authority, days: 1, hosts: ["edge.example"])
        let old = try certificate("gateway")
        let (holder, hosts) = try #require(CertificateStore.holder(of: old))
        #expect(holder == .service("gateway"))
        try store.issue(holder, from: authority, days: 365, hosts: hosts)
        let new = try certificate("gateway")
        #expect(new.uris == old.uris)
        #expect(new.dnsNames == old.dnsNames)
        #expect(new.ipAddresses == old.ipAddresses)
        #expect(new.fingerprint != old.fingerprint)
    }

    @Test("A client's certificate is named by its file and never outlives the authority")
    func client() throws {
        try store.issue(.client("demo"), from: authority, days: 3_650, hosts: [])
        let certificate = try certificate("client-demo")
        #expect(certificate.uris == ["bursar://client/demo"])
        #expect(certificate.dnsNames.isEmpty)
        #expect(certificate.notAfter <= authority.certificate.notAfter)
        #expect(try store.names() == ["ca", "client-demo"])
    }
}
