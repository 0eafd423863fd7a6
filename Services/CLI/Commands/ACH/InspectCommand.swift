internal import ArgumentParser
internal import Nacha

extension ACHCommand {
    /// `bursar ach inspect`: what a file says, in words.
    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a file holds: header, batches, entries, addenda, totals."
        )

        @Argument(help: "The file; - is standard input.")
        var file: String

        @Option(help: "Show at most this many entries of each batch; 0 shows none.")
        var entries = 20

        @OptionGroup var profile: ProfileOption

        @OptionGroup var reveal: RevealOption

        func validate() throws {
            guard entries >= 0 else { throw ValidationError("--entries must not be negative.") }
        }

        func run() throws {
            let inspector = FileInspector(reveal: reveal.reveal, entriesPerBatch: entries)
            var reader = FileReader(
                profile: try profile.load(or: .lenient),
                sameDayLimitMinorUnits: try profile.sameDayLimitMinorUnits(),
                visitor: { inspector.add($0, $1) }
            )
            try ACHInput.read(file) { piece in
                reader.read(piece)
                try inspector.print()
            }
            let report = reader.finish()
            inspector.finish()
            try inspector.print()
            let title = file == "-" ? "standard input" : file
            let name = try profile.load(or: .lenient).name
            try Console.print(DiagnosticText.summary(report, title, name))
            if report.errorCount + report.warningCount > 0 {
                try Console.print("See `bursar ach validate` for its faults.")
            }
        }
    }
}
