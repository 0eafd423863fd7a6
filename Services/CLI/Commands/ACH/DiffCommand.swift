internal import JSON
internal import Protocol
internal import ArgumentParser
internal import Nacha

extension ACHCommand {
    /// `bursar ach diff`: what two files say differently.
    struct Diff: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Compare two files by what they mean; ends with 0 if nothing differs, else 1.",
            discussion: """
                Entries are matched by trace number, else by account, amount and name. Line ends, \
                filler and block counts mean nothing; order and numbering alone are told and are no \
                difference.
                """
        )

        @Argument(help: "The old file.")
        var old: String

        @Argument(help: "The new file.")
        var new: String

        @Flag(help: "Print the differences as JSON.")
        var json = false

        @OptionGroup var profile: ProfileOption

        @OptionGroup var reveal: RevealOption

        func validate() throws { try ACHInput.checkNames([old, new]) }

        func run() throws {
            let comparison = FileComparison(
                old: try ACHInput.file(old, profile, otherwise: "nothing was compared"),
                new: try ACHInput.file(new, profile, otherwise: "nothing was compared")
            )
            if json {
                let text = DifferenceText(reveal: reveal.reveal)
                try Console.writeDocument(text.document(comparison).bytes)
            } else {
                try show(comparison)
            }
            if !comparison.isSame { throw ExitCode(1) }
        }

        private func show(_ comparison: FileComparison) throws {
            let text = DifferenceText(reveal: reveal.reveal)
            for difference in comparison.differences { try Console.print(text.line(difference)) }
            let rest = comparison.counts.values.reduce(0, +) - comparison.differences.count
            if rest > 0 { try Console.print("and \(ProgressBar.grouped(rest)) more") }
            try Console.print("old: " + DifferenceText.totals(comparison.oldTotals))
            try Console.print("new: " + DifferenceText.totals(comparison.newTotals))
            if comparison.isSame { try Console.print("The files say the same.") }
        }
    }
}

/// Differences in words and as JSON.
struct DifferenceText {
    let reveal: Bool

    /// One difference in one line: `line 5 -> 5, batch 1, entry 076401250000003: amount … was …`.
    func line(_ difference: FileDifference) -> String {
        let places = [difference.old, difference.new].map { $0.map { "\($0.line)" } ?? "-" }
        let place = difference.new ?? difference.old
        var words = ["line \(places[0]) -> \(places[1])"]
        if let batch = place?.batchNumber { words.append("batch \(batch)") }
        if let trace = place?.trace { words.append("entry \(trace)") }
        let weight = difference.weight == .meaning ? "" : " (\(difference.weight.rawValue))"
        return words.joined(separator: ", ") + ": " + change(difference) + weight
    }

    private func change(_ difference: FileDifference) -> String {
        let subject = Self.title(difference.subject)
        switch difference.change {
        case .added: return "\(subject) added"
        case .removed: return "\(subject) removed"
        case .moved: return "\(subject) moved"
        case .changed(let field):
            let title = String(field.field.map { $0 == "_" ? " " : $0 })
            return "\(subject), \(title): '\(value(field.old, field))' -> "
                + "'\(value(field.new, field))'"
        }
    }

    private func value(_ text: String, _ field: FieldChange) -> String {
        Table.printable(reveal ? text : Masking.mask(text, field.privacy))
    }

    private static func title(_ subject: FileDifference.Subject) -> String {
        switch subject {
        case .fileHeader: "file header"
        case .batch: "batch"
        case .entry: "entry"
        case .addenda: "addenda"
        case .batchControl: "batch control"
        case .fileControl: "file control"
        }
    }

    static func totals(_ totals: FileTotals) -> String {
        "\(totals.batches) batches, \(ProgressBar.grouped(totals.entries)) entries, "
            + "\(ProgressBar.grouped(totals.addenda)) addenda, debits "
            + "\(MinorUnits.text(totals.debitMinorUnits)), credits "
            + MinorUnits.text(totals.creditMinorUnits)
    }

    func document(_ comparison: FileComparison) -> JSONNode {
        .object([
            JSONNode.Member(key: "same", value: .boolean(comparison.isSame)),
            JSONNode.Member(
                key: "differences",
                value: .array(comparison.differences.map(node))
            ),
        ])
    }

    private func node(_ difference: FileDifference) -> JSONNode {
        var members: [JSONNode.Member] = []
        func add(_ key: String, _ value: JSONNode?) {
            members.append(JSONNode.Member(key: key, value: value ?? .null))
        }
        let place = difference.new ?? difference.old
        add("record", .string(difference.subject.rawValue))
        add("weight", .string(difference.weight.rawValue))
        add("old_line", difference.old.map { .number("\($0.line)") })
        add("new_line", difference.new.map { .number("\($0.line)") })
        add("batch_number", place?.batchNumber.map { .number("\($0)") })
        add("trace_number", place?.trace.map { .string($0) })
        switch difference.change {
        case .added: add("change", .string("added"))
        case .removed: add("change", .string("removed"))
        case .moved: add("change", .string("moved"))
        case .changed(let field):
            add("change", .string("changed"))
            add("field", .string(field.field))
            add("from", .number("\(field.from)"))
            add("to", .number("\(field.to)"))
            add("old", .string(value(field.old, field)))
            add("new", .string(value(field.new, field)))
        }
        return .object(members)
    }
}
