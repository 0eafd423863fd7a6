import Foundation
import Identity
import Logging
import ServiceRuntime
import TestSupport
import Testing

@testable import ServiceRuntime

@Suite("Configuration is checked as a whole")
struct ConfigurationTests {
    @Test("An empty environment gives the fixed defaults", arguments: ServiceName.allCases)
    func defaults(_ service: ServiceName) throws {
        let configuration = try Configuration.read(service: service, environment: [:])
        #expect(configuration.host == "127.0.0.1")
        #expect(configuration.port == service.defaultPort)
        #expect(configuration.adminHost == "127.0.0.1")
        #expect(configuration.adminPort == service.defaultAdminPort)
        #expect(configuration.stateDirectory.hasPrefix("/"))
        #expect(configuration.stateDirectory.hasSuffix("/.bursar"))
        #expect(configuration.timeZone.identifier == "America/New_York")
        #expect(configuration.maximumBodyBytes == 64 << 20)
        #expect(configuration.graceSeconds == 25)
        #expect(configuration.endpoints[.posting] == .init(host: "127.0.0.1", port: 7_403))
        #expect(configuration.keyPath.hasSuffix("/.bursar/tls/\(service.rawValue).key"))
    }

    @Test("Ports, peers and addresses are taken from the environment")
    func overrides() throws {
        let configuration = try Configuration.read(
            service: .batch,
            environment: [
                "BURSAR_STATE_DIR": "/srv/bursar/", "BURSAR_HOST": "::1",
                "BURSAR_BATCH_PORT": "0", "BURSAR_BATCH_ADMIN_PORT": "0",
                "BURSAR_AUTH": "auth.example:9000", "BURSAR_POSTING": "[::1]:9001",
                "BURSAR_ACH_PORT": "9002", "BURSAR_LOG_LEVEL": "DEBUG", "OTHER": "x",
                "BURSAR_EDGE_HOSTS": "bursar.example,[fd00::1]",
                "BURSAR_ACCEPT_RESTORED_STORE": "1", "BURSAR_RECEIVABLE_ACCOUNT": "1250",
                "BURSAR_CASH_ACCOUNT": "", "BURSAR_BOOTSTRAP_ADMIN_KEY_FILE": "/run/key",
            ]
        )
        #expect(configuration.dataPath("batch.db") == "/srv/bursar/data/batch.db")
        #expect(configuration.host == "::1")
        #expect(configuration.port == 0)
        #expect(configuration.endpoints[.auth] == .init(host: "auth.example", port: 9_000))
        #expect(configuration.endpoints[.posting] == .init(host: "::1", port: 9_001))
        #expect(configuration.endpoints[.ach] == .init(host: "127.0.0.1", port: 9_002))
        #expect(configuration.logLevel == .debug)
        #expect(configuration.edgeHosts == ["bursar.example", "[fd00::1]"])
        #expect(configuration.acceptsRestoredStore)
        #expect(configuration.receivableAccount == "1250")
        #expect(configuration.cashAccount == "1000")
        #expect(configuration.bootstrapKeyFile == "/run/key")
    }

    @Test("Every fault is named at once, with its variable, its value and the remedy")
    func allFaults() {
        let environment = [
            "BURSAR_HOST": "local host", "BURSAR_AUTH_PORT": "70000",
            "BURSAR_AUTH_ADMIN_PORT": "seven", "BURSAR_BATCH": "nowhere", "BURSAR_POSTING": ":1",
            "BURSAR_ACH": "::1:7404", "BURSAR_TIME_ZONE": "Mars/Base", "BURSAR_LOG_LEVEL": "loud",
            "BURSAR_MAX_BODY_BYTES": "64MiB", "BURSAR_GRACE_SECONDS": "-1",
            "BURSAR_EDGE_HOSTS": "a b", "BURSAR_ACCEPT_RESTORED_STORE": "yes",
            "BURSAR_RECEIVABLE_ACCOUNT": " 1200", "BURSAR_CASH_ACCOUNT": "caisse \u{e9}",
            "BURSAR_BOOTSTRAP_ADMIN_KEY_FILE": "a\u{0}b",
        ]
        do {
            _ = try Configuration.read(service: .auth, environment: environment)
            Issue.record("a faulty environment was accepted")
        } catch {
            #expect(Set(error.problems.map(\.variable)) == Set(environment.keys))
            for problem in error.problems {
                #expect(problem.value == environment[problem.variable])
                #expect(problem.remedy.count > 10)
                #expect(error.description.contains("\(problem.variable)=\(problem.value): "))
            }
        }
    }

    @Test("One port for two purposes is refused")
    func samePort() {
        #expect(throws: ConfigurationError.self) {
            try Configuration.read(
                service: .ach,
                environment: ["BURSAR_ACH_PORT": "8000", "BURSAR_ACH_ADMIN_PORT": "8000"]
            )
        }
    }
}

@Suite("Key files are checked before they are used")
struct KeyFileTests {
    private let authority: TestAuthority
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "bursar-keys-\(UUID().uuidString)")

    init() throws { authority = try TestAuthority() }

    private func problems(
        uris: [String] = ["bursar://service/ach-service"],
        until: Int64 = 86_400,
        _ change: (_ certificate: URL, _ key: URL) throws -> Void = { _, _ in }
    ) throws -> [String] {
        let tls = folder.appending(path: "tls")
        try FileManager.default.createDirectory(at: tls, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try authority.issue(uris: uris, until: until)
        let certificate = tls.appending(path: "ach-service.crt")
        let key = tls.appending(path: "ach-service.key")
        try FileManager.default.copyItem(atPath: files.certificate, toPath: certificate.path)
        try FileManager.default.copyItem(atPath: files.key, toPath: key.path)
        try FileManager.default.copyItem(
            atPath: authority.authorityPath,
            toPath: tls.appending(path: "ca.crt").path
        )
        try change(certificate, key)
        let configuration = try Configuration.read(
            service: .ach,
            environment: ["BURSAR_STATE_DIR": folder.path]
        )
        return KeyFiles.problems(configuration, now: Timestamps.now() / 1_000).map(\.remedy)
    }

    @Test("A certificate with its key, mode 0600, is good")
    func good() throws {
        #expect(try problems() == [])
    }

    @Test("S-10: a key that others can read is refused", arguments: [0o644, 0o640, 0o604, 0o660])
    func readable(_ mode: Int) throws {
        let found = try problems { _, key in
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: key.path)
        }
        #expect(found.count == 1)
        #expect(found.first?.contains("chmod 600") == true)
    }

    @Test("S-10: a key of another certificate is refused")
    func mismatched() throws {
        let other = try authority.issue(uris: ["bursar://service/ach-service"])
        let found = try problems { _, key in
            try FileManager.default.removeItem(at: key)
            try FileManager.default.copyItem(atPath: other.key, toPath: key.path)
        }
        #expect(found.count == 1)
        #expect(found.first?.contains("is not the key of") == true)
    }

    @Test("S-10: missing files are named, each of them")
    func missing() throws {
        let found = try problems { certificate, key in
            try FileManager.default.removeItem(at: certificate)
            try FileManager.default.removeItem(at: key)
        }
        #expect(found.count == 2)
    }

    @Test("A file that holds no key, another identity or an expired certificate are refused")
    func otherFaults() throws {
        #expect(
            try problems { _, key in
                let handle = try FileHandle(forWritingTo: key)
                try handle.truncate(atOffset: 0)
                try handle.close()
            }.first?.contains("no P-256 key") == true
        )
        #expect(
            try problems(uris: ["bursar://service/batch-service"]).first?.contains("does not name")
                == true
        )
        #expect(try problems(until: -60).first?.contains("expired") == true)
    }
}
