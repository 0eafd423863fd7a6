internal import ArgumentParser
internal import Nacha
internal import Supervision

extension ACHCommand {
    /// `bursar ach sample`: valid files to try things with.
    struct Sample: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a valid file of any SEC code with invented entries.",
            discussion: "The same options and seed make the same bytes."
        )

        @Option(help: "The SEC code, such as PPD or IAT.")
        var sec = StandardEntryClass.ppd

        @Option(help: "Entries of each batch.")
        var entries = 10

        @Option(help: "Batches.")
        var batches = 1

        @Option(help: "credits, debits or mixed, where the SEC code leaves a choice.")
        var sides = SampleOptions.Sides.mixed

        @Option(help: "necessary, some or all, where the SEC code leaves a choice.")
        var addenda = SampleOptions.AddendaChoice.some

        @Option(
            help:
                "Answers instead of entries: returned, dishonored, contested, change, refusedChange."
        )
        var answer: SampleOptions.Answer?

        @Flag(help: "Make every fourth entry a prenote.")
        var prenotes = false

        @Flag(help: "Make every fourth entry a zero-dollar entry.")
        var zeroDollar = false

        @Option(help: "The creation date, YYYY-MM-DD.")
        var date = "2026-06-01"

        @Option(help: "The file ID modifier, A to Z or 0 to 9.")
        var modifier = "A"

        @Option(help: "Another seed makes other entries.")
        var seed: UInt64 = 1

        @OptionGroup var output: OutputOption

        func validate() throws {
            guard entries > 0, batches > 0 else {
                throw ValidationError("--entries and --batches must be at least 1.")
            }
            // Said at once, and not after as many entries were made.
            let (total, isTooLarge) = entries.multipliedReportingOverflow(by: batches)
            guard entries <= FileLimits.recordsInBatch, !isTooLarge,
                total < FileLimits.recordsInFile
            else {
                throw ValidationError(
                    "A batch holds at most \(FileLimits.recordsInBatch) entries, a file at most "
                        + "\(FileLimits.recordsInFile) records."
                )
            }
        }

        func run() throws {
            let options = SampleOptions(
                sec,
                answer: answer,
                batchCount: batches,
                entriesPerBatch: entries,
                sides: sides,
                addenda: addenda,
                hasPrenotes: prenotes,
                hasZeroDollarEntries: zeroDollar,
                date: try ACHClock.date(date, "--date"),
                modifier: try ACHClock.modifier(modifier, "--modifier")
            )
            let out = try OutputFile(output.output)
            do {
                try SampleFile.write(options, seed: seed) { try out.write(Array($0)) }
            } catch let faults as BuildingFaults {
                throw CommandFailure.refused("\(faults)")
            }
            try out.commit()
        }
    }
}

extension StandardEntryClass: ExpressibleByArgument {
    /// In capitals or small letters.
    package init?(argument: String) { self.init(rawValue: argument.uppercased()) }
}

extension SampleOptions.Sides: ExpressibleByArgument {}

extension SampleOptions.AddendaChoice: ExpressibleByArgument {}

extension SampleOptions.Answer: ExpressibleByArgument {}
