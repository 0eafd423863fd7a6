internal import Foundation
package import Identity
package import Supervision

/// What a command knows of its deployment: `BURSAR_*` of the environment, behind them the lines of a
/// `demo.env` (design 1.8), and behind those what its supervisor was started with.
package struct Settings: Sendable {
    private let environment: [String: String]
    private let file: EnvironmentFile?
    private let deployment: EnvironmentFile?

    package init(
        environment: [String: String],
        file: EnvironmentFile?,
        deployment: EnvironmentFile? = nil
    ) {
        self.environment = environment
        self.file = file
        self.deployment = deployment
    }

    /// Reads the environment, and the file named, or else `demo.env` of `BURSAR_STATE_DIR`, or else the
    /// nearest `.bursar/demo.env` in the working directory or above.
    package static func load(file named: String?) throws -> Settings {
        let environment = ProcessInfo.processInfo.environment
        let current = FileManager.default.currentDirectoryPath
        let stateDirectory = environment["BURSAR_STATE_DIR"] ?? ""
        let file: EnvironmentFile?
        if let named {
            file = try EnvironmentFile(path: named)
            guard file != nil else {
                throw CommandFailure.trouble("\(named): no such file; name the demo.env to read.")
            }
        } else if stateDirectory.isEmpty {
            file = try EnvironmentFile.nearest(to: current)
        } else {
            let folder = StateFolder(stateDirectory, relativeTo: current)
            file = try EnvironmentFile(path: folder.demoEnvironment)
        }
        let folder = Self.stateFolder(environment: environment, file: file)
        return Settings(
            environment: environment,
            file: file,
            deployment: try EnvironmentFile(path: folder.deploymentEnvironment)
        )
    }

    /// Where the deployment keeps its state.
    package var stateFolder: StateFolder { Self.stateFolder(environment: environment, file: file) }

    private static func stateFolder(
        environment: [String: String],
        file: EnvironmentFile?
    ) -> StateFolder {
        if environment["BURSAR_STATE_DIR"] ?? "" == "", let path = file?.path {
            return StateFolder(path).parent
        }
        return StateFolder(environment: environment)
    }

    /// A variable, or nil where it is set nowhere or empty.
    package func value(_ name: String) -> String? {
        for value in [environment[name], file?.values[name], deployment?.values[name]] {
            if let value, !value.isEmpty { return value }
        }
        return nil
    }

    /// A variable that the command cannot do without.
    package func require(_ name: String) throws(CommandFailure) -> String {
        if let value = value(name) { return value }
        let looked = file.map { "nor in \($0.path)" } ?? "and no .bursar/demo.env is here or above"
        throw .trouble(
            "\(name) is not set in the environment, \(looked): run deploy/up, or set it."
        )
    }

    /// Where a service listens, `host:port`.
    package func endpoint(_ service: ServiceName) throws(CommandFailure) -> (String, Int) {
        let name = "BURSAR_\(service.word.uppercased())"
        let text = value(name) ?? "127.0.0.1:\(port(of: service))"
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
            let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port)
        else { throw .trouble("\(name)=\(text): give host:port, for example 127.0.0.1:7401.") }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        return (host, port)
    }

    private func port(of service: ServiceName) -> String {
        value("BURSAR_\(service.word.uppercased())_PORT") ?? String(service.defaultPort)
    }

    /// Where the edge listens, from `BURSAR_URL`.
    package func edge() throws(CommandFailure) -> (host: String, port: Int) {
        let text = try require("BURSAR_URL")
        guard let url = URLComponents(string: text), url.scheme == "https", let host = url.host,
            !host.isEmpty, url.path.isEmpty || url.path == "/"
        else {
            throw .trouble("BURSAR_URL=\(text): give https://host:port, without a path.")
        }
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        return (bare, url.port ?? 443)
    }
}
