internal import ArgumentParser
internal import Nacha

extension ACHCommand {
    /// `bursar ach split`: credits and debits apart.
    struct Split: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Split a file into one of credits and one of debits.",
            discussion: """
                They are named OUT-credits and OUT-debits, after FILE where no OUT is given. A side \
                without entries makes no file. Trace numbers stay as they are; the debits take the \
                next file ID modifier.
                """
        )

        @Argument(help: "The file; - is standard input.")
        var file: String

        @Option(name: [.customShort("o"), .long], help: "The name that the files are named after.")
        var output: String?

        @Option(help: "The file ID modifier of the credits; else that of the file.")
        var modifier: String?

        @OptionGroup var profile: ProfileOption

        func run() throws {
            let first = try modifier.map { try ACHClock.modifier($0, "--modifier") }
            let input = try ACHInput.file(file, profile)
            let split = try CommandFailure.transforming { () throws(TransformFault) in
                try input.splitBySide(firstModifier: first)
            }
            let name = output ?? (file == "-" ? "split.ach" : file)
            let sides = [("credits", split.credits), ("debits", split.debits)]
                .compactMap { suffix, side in side.map { (suffix: suffix, file: $0) } }
            try TransformOutput(output: name).write(sides, isEachNamed: name != "-")
        }
    }

    /// `bursar ach flatten`: as few batches as a file can have.
    struct Flatten: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Join the batches of a file whose headers are the same."
        )

        @Argument(help: "The file; - is standard input.")
        var file: String

        @OptionGroup var output: OutputOption

        @OptionGroup var profile: ProfileOption

        func run() throws {
            let input = try ACHInput.file(file, profile)
            let flat = try CommandFailure.transforming { () throws(TransformFault) in
                try input.flattened()
            }
            try TransformOutput(output: output.output).write(flat)
        }
    }
}
