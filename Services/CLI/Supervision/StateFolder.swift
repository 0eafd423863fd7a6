internal import Foundation

/// The folder in which a deployment keeps everything: keys, stores, process files and logs.
///
/// Every part of it is readable by its owner only, because keys and money lie in it.
package struct StateFolder: Sendable, Hashable {
    /// Absolute, without a trailing slash.
    package let path: String

    /// Takes a path as a person writes it; a relative one counts from `directory`.
    package init(
        _ path: String,
        relativeTo directory: String = FileManager.default.currentDirectoryPath
    ) {
        let absolute = path.hasPrefix("/") ? path : directory + "/" + path
        let parts = absolute.split(separator: "/").filter { $0 != "." }
        self.path = "/" + parts.joined(separator: "/")
    }

    /// The folder of `BURSAR_STATE_DIR`, or `.bursar` in the working directory.
    package init(environment: [String: String]) {
        let named = environment["BURSAR_STATE_DIR"] ?? ""
        self.init(named.isEmpty ? ".bursar" : named)
    }

    /// The folder above.
    package var parent: StateFolder {
        StateFolder(String(path.prefix(through: path.lastIndex(of: "/") ?? path.startIndex)))
    }

    package var tls: String { path + "/tls" }
    package var data: String { path + "/data" }
    package var run: String { path + "/run" }
    package var log: String { path + "/log" }
    package var demoEnvironment: String { path + "/demo.env" }
    /// The `BURSAR_*` variables, without keys, that the supervisor was started with.
    package var deploymentEnvironment: String { path + "/deployment.env" }
    /// The raw key of the first administrator.
    package var administratorKey: String { path + "/admin.key" }
    /// Locked for as long as a supervisor runs; holds its process id.
    package var supervisorFile: String { run + "/supervisor.pid" }

    package func processFile(_ name: String) -> String { "\(run)/\(name).pid" }
    package func logFile(_ name: String) -> String { "\(log)/\(name).log" }

    /// Makes the folders that are missing, with mode 0700.
    package func create() throws(SystemFailure) {
        for folder in [path, tls, data, run, log] { try StateFolder(folder).makeFolder() }
    }

    /// Makes this folder alone, and those above it as far as missing, with mode 0700.
    package func makeFolder() throws(SystemFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw SystemFailure(description: "making the folder \(path) failed: \(error)")
        }
    }
}
