internal import ArgumentParser
internal import Crypto
internal import Foundation
internal import Identity
internal import Protocol
internal import Supervision

/// `bursar demo`: what a first start needs beside running services.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Prepare a deployment for a first look: keys, demo data, demo.env.",
        subcommands: [Key.self, Load.self, Payments.self]
    )

    struct Key: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the first administrator's key, if there is none.",
            discussion: "auth-service takes it over from admin.key when it creates its store."
        )

        func run() throws {
            let folder = StateFolder(environment: ProcessInfo.processInfo.environment)
            try folder.create()
            guard try PrivateFile.read(folder.administratorKey) == nil else { return }
            let id = Hexadecimal.encode(RandomBytes.make(8))
            let key = "brs_\(id)_" + Base64URL.encode(RandomBytes.make(32))
            try PrivateFile.write(Array((key + "\n").utf8), to: folder.administratorKey)
        }
    }

    struct Load: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Load the demo data as far as missing, and write demo.env.",
            discussion: "Nothing that exists is changed, and keys that work are kept."
        )

        func run() async throws {
            let environment = ProcessInfo.processInfo.environment
            let folder = StateFolder(environment: environment)
            var demo = try DemoEnvironment(folder: folder, environment: environment)
            let session = try RPCSession(demo.settings)
            try await DemoLoader(session: session).load(into: &demo)
            try demo.write()
            Console.note("settings are in \(folder.demoEnvironment)")
        }
    }
}

/// The lines of `demo.env`.
struct DemoEnvironment {
    private let folder: StateFolder
    private let environment: [String: String]
    /// The keys, by variable.
    var keys: [String: String]

    init(folder: StateFolder, environment: [String: String]) throws {
        self.folder = folder
        self.environment = environment
        let existing = try EnvironmentFile(path: folder.demoEnvironment)?.values ?? [:]
        keys = existing.filter { pair in KeyChoice.allCases.contains { $0.variable == pair.key } }
        guard let bytes = try PrivateFile.read(folder.administratorKey) else {
            throw CommandFailure.trouble(
                "\(folder.administratorKey) is missing: `bursar demo key` makes it before the first "
                    + "start; a deployment that has lost it starts anew in another state folder."
            )
        }
        let key = String(decoding: bytes, as: UTF8.self)
        keys[KeyChoice.admin.variable] = key.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// These lines as settings.
    var settings: Settings {
        Settings(environment: Dictionary(uniqueKeysWithValues: lines), file: nil)
    }

    func write() throws {
        let text = EnvironmentFile.text(lines)
        try PrivateFile.write(Array(text.utf8), to: folder.demoEnvironment)
    }

    private var lines: [(String, String)] {
        let host = reachableHost
        let bracketed = host.contains(":") ? "[\(host)]" : host
        var lines = [
            ("BURSAR_URL", "https://\(bracketed):\(port("BURSAR_EDGE_PORT", .gateway))"),
            ("BURSAR_CA", folder.tls + "/ca.crt"),
        ]
        for choice in KeyChoice.allCases {
            if let key = keys[choice.variable] { lines.append((choice.variable, key)) }
        }
        lines.append(("BURSAR_CLIENT_CERT", folder.tls + "/client-demo.crt"))
        lines.append(("BURSAR_CLIENT_KEY", folder.tls + "/client-demo.key"))
        for service in [ServiceName.auth, .batch, .posting, .ach] {
            let word = service.word.uppercased()
            lines.append(
                ("BURSAR_\(word)", "\(bracketed):\(port("BURSAR_\(word)_PORT", service))")
            )
        }
        return lines
    }

    /// An address bound to every interface is reached by loopback.
    private var reachableHost: String {
        let host = environment["BURSAR_HOST"] ?? ""
        return ["", "0.0.0.0", "::"].contains(host) ? "127.0.0.1" : host
    }

    private func port(_ variable: String, _ service: ServiceName) -> String {
        let text = environment[variable] ?? ""
        return text.isEmpty ? String(service.defaultPort) : text
    }
}
