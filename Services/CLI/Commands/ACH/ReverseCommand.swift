internal import ACHRules
internal import ArgumentParser
internal import Nacha

extension ACHCommand {
    /// `bursar ach reverse`: the file that moves the money back.
    struct Reverse: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the reversal of a file, or of some of its entries.",
            discussion: """
                Transaction codes change sides, the entry description says REVERSAL, trace numbers \
                are kept unless --trace-from is given. A reversal must reach the receivers' banks \
                within five banking days after settlement: later ones are warned of.
                """
        )

        @Argument(help: "The file to reverse; - is standard input.")
        var file: String

        @OptionGroup var output: OutputOption

        @Option(
            help: "The effective entry date, YYYY-MM-DD; else the next banking day."
        )
        var effectiveDate: String?

        @Option(help: "The file ID modifier.")
        var modifier = "A"

        @Option(
            name: .customLong("trace"),
            help: "Reverse the entry with this trace number alone; may be given several times.",
        )
        var traces: [String] = []

        @Option(help: "Give new trace numbers from this sequence number on.")
        var traceFrom: UInt32?

        @Flag(help: "Leave out what cannot be reversed (prenotes, returns, …) instead of refusing.")
        var skip = false

        @OptionGroup var profile: ProfileOption

        func validate() throws {
            guard traceFrom != 0 else { throw ValidationError("--trace-from must be at least 1.") }
        }

        func run() throws {
            let now = ACHClock.now()
            let effective =
                try effectiveDate.map { try ACHClock.date($0, "--effective-date") }
                ?? FederalReserveCalendar().bankingDay(after: now.date)
            let input = try ACHInput.file(file, profile)
            var reversal = Reversal(
                effectiveEntryDate: effective,
                creation: now,
                modifier: try ACHClock.modifier(modifier, "--modifier")
            )
            reversal.skipsIrreversible = skip
            if let traceFrom { reversal.traces = .numbered(from: traceFrom) }
            let selectors = traces.isEmpty ? nil : traces.map { EntrySelector(trace: $0) }
            let outcome = try CommandFailure.transforming { () throws(TransformFault) in
                try reversal.reverse(input, only: selectors)
            }
            try TransformOutput(output: output.output).write(outcome.file)
            for entry in outcome.skipped { Console.note("not reversed: \(entry)") }
            for late in ReversalDeadline().late(input, on: now.date) {
                Console.note(
                    "warning: batch \(late.batchNumber) settled on \(late.settlement); its reversal "
                        + "was due by \(late.lastDay)."
                )
            }
        }
    }
}
