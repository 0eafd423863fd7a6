internal import ArgumentParser

/// `bursar ach`: Nacha files without any service.
struct ACHCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ach",
        abstract: "Validate, read, compare and transform Nacha (ACH) files; no service is needed.",
        discussion: """
            FILE may be - for standard input, OUT - for standard output. Account numbers and names \
            are masked unless --reveal is given. validate ends with 0 for a valid file, 1 for an \
            invalid one, 4 for one that cannot be read; diff with 0 where nothing differs, else 1; \
            the others with 0 when done, 2 when the file or the request is refused.
            """,
        subcommands: [
            Validate.self, Inspect.self, Diff.self, Merge.self, Split.self, Flatten.self,
            Reverse.self, Balance.self, JSON.self, Write.self, Rules.self, Sample.self,
        ]
    )
}

/// Who may see account numbers and names.
struct RevealOption: ParsableArguments {
    @Flag(help: "Show account numbers and names.")
    var reveal = false
}

/// Where a command writes to.
struct OutputOption: ParsableArguments {
    @Option(
        name: [.customShort("o"), .long],
        help: "Write to FILE; - is standard output.",
    )
    var output = "-"
}
