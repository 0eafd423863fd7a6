internal import ArgumentParser
internal import Nacha

extension ACHCommand {
    /// `bursar ach balance`: an offset entry for each batch.
    struct Balance: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add to each batch the entry to your own account that balances it."
        )

        @Argument(help: "The file; - is standard input.")
        var file: String

        @OptionGroup var output: OutputOption

        @Option(help: "The nine digits of your bank's routing number.")
        var routing: String

        @Option(help: "Your account number.")
        var account: String

        @Option(help: "checking, savings or general_ledger.")
        var kind = OffsetAccount.Kind.checking

        @Option(help: "Your name, at most 16 characters.")
        var name: String

        @OptionGroup var profile: ProfileOption

        func run() throws {
            guard let bank = RoutingNumber(routing) else {
                throw CommandFailure.refused(
                    "--routing \(routing): give nine digits whose last is the check digit."
                )
            }
            let input = try ACHInput.file(file, profile)
            let balanced = try CommandFailure.transforming { () throws(TransformFault) in
                try input.balanced(
                    against: OffsetAccount(routing: bank, number: account, kind: kind, name: name)
                )
            }
            try TransformOutput(output: output.output).write(balanced)
        }
    }
}

extension OffsetAccount.Kind: ExpressibleByArgument {}
