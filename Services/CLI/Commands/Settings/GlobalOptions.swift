package import ArgumentParser

/// The options that every command of a deployment takes.
package struct GlobalOptions: ParsableArguments {
    @Flag(help: "Print the server's JSON instead of tables.")
    package var json = false

    @Option(
        name: .customLong("env-file"),
        help: "Read settings from FILE instead of .bursar/demo.env; BURSAR_* variables come first.",
    )
    package var environmentFile: String?

    package init() {}

    /// The deployment that the command speaks to.
    func settings() throws -> Settings { try Settings.load(file: environmentFile) }
}

/// Which API key a command uses, by the variable that holds it.
package enum KeyChoice: String, Sendable, CaseIterable, ExpressibleByArgument {
    case source
    case admin
    case other

    package var variable: String {
        switch self {
        case .source: "BURSAR_API_KEY"
        case .admin: "BURSAR_ADMIN_KEY"
        case .other: "BURSAR_OTHER_KEY"
        }
    }
}

/// The API key that a command uses; its default is the command's own.
package struct KeyOption<Default: DefaultKey>: ParsableArguments {
    @Option(help: "The API key to use: source, admin or other.")
    package var key = Default.key

    package init() {}
}

/// The key of a command that is told nothing else.
package protocol DefaultKey {
    static var key: KeyChoice { get }
}

/// The key of the deployment's source system.
package enum SourceKey: DefaultKey {
    package static var key: KeyChoice { .source }
}

/// The administrator's key, who moves no money.
package enum AdministratorKey: DefaultKey {
    package static var key: KeyChoice { .admin }
}

/// The key of a second person, who reviews what the first has done.
package enum OtherKey: DefaultKey {
    package static var key: KeyChoice { .other }
}
