import Foundation
import Identity
import Testing

@testable import BursarCommands
@testable import Supervision

@Suite("Where a command finds its deployment")
struct SettingsTests {
    @Test("A demo.env is read line by line; a value may hold an equals sign")
    func parse() {
        let values = EnvironmentFile.parse("# note\nA=1\n\nB=x=y\nnonsense\r\nC=\n")
        #expect(values == ["A": "1", "B": "x=y", "C": ""])
        #expect(EnvironmentFile.text([("B", "2"), ("A", "1")]) == "B=2\nA=1\n")
    }

    @Test("The nearest demo.env above the working directory counts")
    func nearest() throws {
        let place = try TemporaryFolder()
        for folder in ["/.bursar", "/a/.bursar", "/a/b/c"] {
            try StateFolder(place.path + folder).makeFolder()
        }
        try place.write("WHO=top\n", to: ".bursar/demo.env")
        try place.write("WHO=a\n", to: "a/.bursar/demo.env")
        let found = try EnvironmentFile.nearest(to: place.path + "/a/b/c")
        #expect(found?.values == ["WHO": "a"])
        #expect(try EnvironmentFile.nearest(to: place.path)?.values == ["WHO": "top"])
    }

    @Test("The environment goes before the file; an empty variable counts for nothing")
    func precedence() throws {
        let place = try TemporaryFolder()
        try place.write("BURSAR_URL=https://file:1\nBURSAR_CA=file.crt\n", to: "demo.env")
        let settings = Settings(
            environment: ["BURSAR_URL": "https://environment:2", "BURSAR_CA": ""],
            file: try EnvironmentFile(path: place.path + "/demo.env")
        )
        #expect(try settings.edge() == ("environment", 2))
        #expect(try settings.require("BURSAR_CA") == "file.crt")
        #expect(settings.stateFolder.path == StateFolder(place.path).path)
    }

    @Test(
        "Endpoints are read with names, IPv4 and IPv6",
        arguments: [
            ("127.0.0.1:7401", "127.0.0.1", 7_401), ("[::1]:1", "::1", 1),
            ("host:65535", "host", 65_535),
        ]
    )
    func endpoints(text: String, host: String, port: Int) throws {
        let settings = Settings(environment: ["BURSAR_AUTH": text], file: nil)
        #expect(try settings.endpoint(.auth) == (host, port))
    }

    @Test(
        "An endpoint without a sound port is refused by name",
        arguments: ["nohost", ":1", "h:0", "h:65536", "h:x"]
    )
    func badEndpoints(text: String) {
        let settings = Settings(environment: ["BURSAR_AUTH": text], file: nil)
        #expect(throws: CommandFailure.self) { try settings.endpoint(.auth) }
    }

    @Test(
        "A URL that is no https address is refused",
        arguments: ["http://localhost", "localhost:8443", "https://h/path", "https://"]
    )
    func badURLs(text: String) {
        let settings = Settings(environment: ["BURSAR_URL": text], file: nil)
        #expect(throws: CommandFailure.self) { try settings.edge() }
    }

    @Test("Without settings an endpoint is the service's default port")
    func defaults() throws {
        let settings = Settings(environment: ["BURSAR_POSTING_PORT": "9"], file: nil)
        #expect(try settings.endpoint(.batch) == ("127.0.0.1", 7_402))
        #expect(try settings.endpoint(.posting) == ("127.0.0.1", 9))
        #expect(throws: CommandFailure.self) { try settings.require("BURSAR_API_KEY") }
    }

    @Test("demo.env names everything in order, with the ports and keys of its deployment")
    func demoEnvironment() throws {
        let place = try TemporaryFolder()
        let folder = StateFolder(place.path)
        try PrivateFile.write(Array("admin\n".utf8), to: folder.administratorKey)
        try place.write("BURSAR_API_KEY=kept\nBURSAR_ADMIN_KEY=old\n", to: "demo.env")
        let environment = ["BURSAR_EDGE_PORT": "9443", "BURSAR_HOST": "0.0.0.0"]
        var demo = try DemoEnvironment(folder: folder, environment: environment)
        demo.keys["BURSAR_OTHER_KEY"] = "other"
        try demo.write()
        let text = try String(contentsOfFile: folder.demoEnvironment, encoding: .utf8)
        #expect(
            text == """
                BURSAR_URL=https://127.0.0.1:9443
                BURSAR_CA=\(folder.path)/tls/ca.crt
                BURSAR_API_KEY=kept
                BURSAR_ADMIN_KEY=admin
                BURSAR_OTHER_KEY=other
                BURSAR_CLIENT_CERT=\(folder.path)/tls/client-demo.crt
                BURSAR_CLIENT_KEY=\(folder.path)/tls/client-demo.key
                BURSAR_AUTH=127.0.0.1:7401
                BURSAR_BATCH=127.0.0.1:7402
                BURSAR_POSTING=127.0.0.1:7403
                BURSAR_ACH=127.0.0.1:7404

                """
        )
        #expect(try place.mode(of: "demo.env") == 0o600)
    }

    @Test("The demo data holds what others rely on, and no AX84")
    func demoData() throws {
        let accounts = try CSV(DemoData.accounts)
        let ids = Set(accounts.records.compactMap { accounts.field("account_id", of: $0) })
        #expect(ids.count == 5_002)
        #expect(ids.isSuperset(of: ["99999", "73491", "100000", "104999"]))
        let codes = try CSV(DemoData.detailCodes)
        #expect(codes.records.map { $0.fields[0] } == ["A484", "ABC123", "PMT1"])
        #expect(codes.records.map { $0.fields[2] } == ["charge", "charge", "payment"])
        #expect(DemoData.sources.map(\.name) == ["SYSTEM_XYZ", "SYSTEM_ABC"])
    }
}
