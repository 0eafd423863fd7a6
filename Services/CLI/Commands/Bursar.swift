package import ArgumentParser
internal import Foundation

/// The command line `bursar`.
package struct Bursar: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "bursar",
        abstract: "Post charges and payments, and look after a Bursar deployment.",
        discussion: """
            Settings come from BURSAR_* variables, else from .bursar/demo.env in this folder or above. \
            Exit codes: 0 done, 2 refused, 3 partly loaded, 4 trouble, 64 wrong usage.
            """,
        groupedSubcommands: [
            CommandGroup(
                name: "Posting sets",
                subcommands: [SubmitCommand.self, TaskCommand.self, SetsCommand.self]
            ),
            CommandGroup(
                name: "Payments",
                subcommands: [
                    PaymentsCommand.self, DrawersCommand.self, WorkflowCommand.self,
                    SettingsCommand.self,
                ]
            ),
            CommandGroup(
                name: "Ledger",
                subcommands: [
                    LedgerCommand.self, TrialBalanceCommand.self, ReportCommand.self,
                    ExportCommand.self, ImportCommand.self,
                ]
            ),
            CommandGroup(name: "Nacha files", subcommands: [ACHCommand.self]),
            CommandGroup(
                name: "Access",
                subcommands: [
                    KeysCommand.self, AccountsCommand.self, GrantsCommand.self,
                    AuditCommand.self, CertsCommand.self,
                ]
            ),
            CommandGroup(
                name: "Deployment",
                subcommands: [
                    RunCommand.self, StopCommand.self, HealthCommand.self, DemoCommand.self,
                    DescribeCommand.self, CallCommand.self,
                ]
            ),
        ]
    )

    package init() {}

    /// Runs the command that the arguments name and ends the process with its exit code.
    ///
    /// Commands that are not asynchronous run on the first thread before there is a second one: the
    /// supervisor's signal mask depends on it.
    package static func runAndExit() -> Never {
        do {
            var command = try parseAsRoot()
            if let asynchronous = command as? any AsyncParsableCommand {
                wait(for: asynchronous)
            }
            try command.run()
            exit()
        } catch {
            exit(after: error)
        }
    }

    private static func wait(for command: sending any AsyncParsableCommand) -> Never {
        Task {
            do {
                var command = command
                try await command.run()
                exit()
            } catch {
                exit(after: error)
            }
        }
        while true { pause() }
    }

    private static func exit(after error: any Error) -> Never {
        guard let failure = CommandFailure.from(error) else { exit(withError: error) }
        Console.note("bursar: \(failure)")
        Foundation.exit(failure.status.rawValue)
    }
}
