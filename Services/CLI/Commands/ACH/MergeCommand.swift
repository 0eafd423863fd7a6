internal import ArgumentParser
internal import Money
internal import Nacha

extension ACHCommand {
    /// `bursar ach merge`: as few files as the bank's limits allow.
    struct Merge: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Merge files for the same bank into as few as the limits allow.",
            discussion: """
                Batches with the same header are joined, a trace number that stands twice goes to \
                another batch (or gets a new one, with --trace-from), and no entry is lost or changed. Several results are named OUT-A, \
                OUT-B, … by their file ID modifiers; more than 36 are refused.
                """
        )

        @Argument(help: "The files.")
        var files: [String]

        @OptionGroup var output: OutputOption

        @Option(help: "The largest number of lines of a file.")
        var maxLines = MergeLimits.standard.records

        @Option(help: "The largest total of debits, and of credits, of a file, in dollars.")
        var maxAmount: String?

        @Option(help: "The file ID modifier of the first file; else that of the first input.")
        var modifier: String?

        @Option(
            help: "Give new trace numbers from this sequence number on, so that none stands twice."
        )
        var traceFrom: UInt32?

        @OptionGroup var profile: ProfileOption

        func validate() throws {
            try ACHInput.checkNames(files)
            guard traceFrom != 0 else { throw ValidationError("--trace-from must be at least 1.") }
        }

        func run() throws {
            let total = try maxAmount.map { text -> UInt64 in
                guard let amount = try? Amount(text), amount.minorUnits > 0 else {
                    throw CommandFailure.refused(
                        "--max-amount \(text): give dollars, such as 5000000.00."
                    )
                }
                return UInt64(amount.minorUnits)
            }
            let limits = try CommandFailure.transforming { () throws(TransformFault) in
                try MergeLimits(
                    records: maxLines,
                    totalMinorUnits: total ?? MergeLimits.standard.totalMinorUnits
                )
            }
            let first = try modifier.map { try ACHClock.modifier($0, "--modifier") }
            let inputs = try files.map { try ACHInput.file($0, profile) }
            var merge = Nacha.Merge(limits: limits, firstModifier: first)
            if let traceFrom { merge.traces = .numbered(from: traceFrom) }
            let merged = try CommandFailure.transforming { () throws(TransformFault) in
                try merge.merge(inputs)
            }
            try TransformOutput(output: output.output).write(
                merged.enumerated().map { index, file in
                    (suffix: Self.suffix(file, index, merged), file: file)
                }
            )
        }

        /// The modifier where it tells the files apart, else the number.
        private static func suffix(_ file: NachaFile, _ index: Int, _ all: [NachaFile]) -> String {
            let modifiers = all.map { $0.header?.text(34, 34) ?? "" }
            return Set(modifiers).count == all.count ? modifiers[index] : "\(index + 1)"
        }
    }
}
