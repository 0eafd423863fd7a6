internal import ArgumentParser
internal import JSON
internal import Nacha
internal import Supervision

extension ACHCommand {
    /// `bursar ach validate`: every rule, every fault, each at its line and positions.
    struct Validate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check files against every rule; ends with 0 valid, 1 invalid, 4 unreadable."
        )

        @Argument(help: "The files; - is standard input.")
        var files: [String]

        @OptionGroup var profile: ProfileOption

        @Flag(help: "Print {valid, diagnostics} as JSON; one document a line for several files.")
        var json = false

        @OptionGroup var reveal: RevealOption

        @Option(help: "Show at most this many diagnostics of one rule.")
        var perRule = 20

        func validate() throws {
            guard perRule > 0 else { throw ValidationError("--per-rule must be at least 1.") }
            try ACHInput.checkNames(files)
        }

        func run() throws {
            _ = try profile.load(or: .strict)
            var end: Int32 = 0
            for file in files {
                do {
                    let report = try ACHInput.judge(
                        file,
                        profile,
                        or: .strict,
                        diagnosticsPerRule: json ? max(perRule, 1_000) : perRule
                    )
                    try show(report, file)
                    if !report.isValid { end = max(end, 1) }
                } catch let failure as SystemFailure {
                    Console.note("bursar: \(Table.printable("\(failure)"))")
                    end = CommandEnd.trouble.rawValue
                }
            }
            if end != 0 { throw ExitCode(end) }
        }

        private func show(_ report: FileReport, _ file: String) throws {
            if json {
                let document = DiagnosticJSON.document(
                    report,
                    file: files.count > 1 ? file : nil,
                    reveal: reveal.reveal
                )
                return try Console.writeDocument(document.bytes)
            }
            let text = DiagnosticText(reveal: reveal.reveal)
            for diagnostic in report.diagnostics {
                try Console.print((text.lines(diagnostic) + [""]).joined(separator: "\n"))
            }
            for line in DiagnosticText.dropped(report) { try Console.print(line) }
            let name = file == "-" ? "standard input" : file
            let profile = try profile.load(or: .strict).name
            try Console.print(DiagnosticText.summary(report, name, profile))
        }
    }
}
