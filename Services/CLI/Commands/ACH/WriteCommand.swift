internal import ArgumentParser
internal import Nacha

extension ACHCommand {
    /// `bursar ach write`: reads a file and writes it again.
    struct Write: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Read a file and write it again, to the byte, or in the form that banks want.",
            discussion: "A file with errors is refused, and nothing is written."
        )

        @Argument(help: "The file; - is standard input.")
        var file: String

        @OptionGroup var output: OutputOption

        @Flag(
            help: ArgumentHelp(
                "End lines with a line feed, pad short ones, drop blank ones, complete the last block "
                    + "with filler and count blocks again; change nothing else."
            )
        )
        var normalise = false

        @OptionGroup var profile: ProfileOption

        func run() throws {
            let rewriter = FileRewriter(normalise ? .normal : .exact)
            let out = try OutputFile(output.output)
            var reader = FileReader(
                profile: try profile.load(or: .lenient),
                sameDayLimitMinorUnits: try profile.sameDayLimitMinorUnits(),
                visitor: { rewriter.add($0, $1) }
            )
            try ACHInput.read(file) { piece in
                reader.read(piece)
                try out.write(rewriter.bytes)
                rewriter.removeAll()
            }
            let report = reader.finish()
            rewriter.finish()
            try DiagnosticText.refuse(report, file)
            try out.write(rewriter.bytes)
            try out.commit()
        }
    }
}
