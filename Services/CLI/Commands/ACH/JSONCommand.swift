internal import ArgumentParser
internal import Nacha
internal import NachaJSON

extension ACHCommand {
    /// `bursar ach json`: a file as JSON, and back.
    struct JSON: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Turn a file into JSON, or JSON into a file.",
            discussion: """
                With --reveal nothing is lost: --to-ach gives the same bytes again. Without it \
                account numbers and names are masked, and there is no way back. A document with \
                "build": true may leave out controls, totals, trace numbers and check digits: they \
                are computed.
                """
        )

        @Argument(help: "The file; - is standard input.")
        var file: String

        @Flag(help: "FILE is JSON; write the Nacha file that it describes.")
        var toAch = false

        @OptionGroup var output: OutputOption

        @OptionGroup var reveal: RevealOption

        @OptionGroup var profile: ProfileOption

        func run() throws {
            if toAch { try writeFile() } else { try writeJSON() }
        }

        private func writeJSON() throws {
            let writer = DocumentWriter(isMasked: !reveal.reveal)
            let out = try OutputFile(output.output)
            var reader = FileReader(
                profile: try profile.load(or: .lenient),
                sameDayLimitMinorUnits: try profile.sameDayLimitMinorUnits(),
                visitor: { writer.add($0, $1) }
            )
            try ACHInput.read(file) { piece in
                reader.read(piece)
                try writer.drain { try out.write(Array($0)) }
            }
            let report = reader.finish()
            try DiagnosticText.refuse(report, file)
            writer.finish(report)
            // A masked document goes no way back, so that nothing is lost with it.
            if reveal.reveal, let refusal = writer.refusal {
                throw CommandFailure.refused("\(file): \(refusal.text)")
            }
            try writer.drain(above: 0) { try out.write(Array($0)) }
            try out.commit()
        }

        private func writeFile() throws {
            let text = try InputFile.read(file)
            let made: NachaFile
            do throws(DocumentFaults) {
                made = try NachaFile(json: text)
            } catch {
                throw CommandFailure(error, file, reveal: reveal.reveal)
            }
            try refuseInvalid(made)
            try TransformOutput(output: output.output).write(made)
        }
    }
}

extension ACHCommand.JSON {
    /// What a document describes is judged like any other file before it is written.
    private func refuseInvalid(_ made: NachaFile) throws {
        var reader = FileReader(
            profile: try profile.load(or: .lenient),
            sameDayLimitMinorUnits: try profile.sameDayLimitMinorUnits()
        )
        reader.read(made.bytes)
        try DiagnosticText.refuse(reader.finish(), "What \(file) describes")
    }
}

extension DocumentWriter.Refusal {
    /// Why the document would not give the file back, and what to do.
    fileprivate var text: String {
        switch self {
        case .fileIsEmpty: "the file holds no record."
        case .recordIsMisplaced(let line):
            "line \(line) stands where it may not. See `bursar ach validate`."
        case .lineIsTooLong(let line): "line \(line) is far longer than any record."
        case .lengthIsNoMultiple:
            "the file has no line ends, and bytes stand behind its last record. Take them away with "
                + "`bursar ach write --normalise`."
        case .oddLinesAreTooMany(let limit):
            "more than \(limit) bytes of its lines are no plain records. Put it in form with "
                + "`bursar ach write --normalise`."
        }
    }
}

extension CommandFailure {
    /// Names every fault of a document with its pointer, the value and the remedy.
    ///
    /// Values of fields that hold account numbers or names stay away unless somebody asks for them.
    init(_ faults: DocumentFaults, _ file: String, reveal: Bool) {
        var details = faults.faults.map { fault in
            let field = fault.pointer.split(separator: "/").last.map { String($0) } ?? ""
            let isShown = reveal || !RecordLayouts.privateNames.contains(field)
            let value = fault.value.isEmpty || !isShown ? "" : " (\(fault.value))"
            return "\(fault.pointer.isEmpty ? "/" : fault.pointer): \(fault.message)\(value) "
                + fault.remedy
        }
        if faults.dropped > 0 { details.append("and \(ProgressBar.grouped(faults.dropped)) more") }
        self.init(
            .refused,
            "\(file) describes no file; nothing was written.",
            details: details
        )
    }
}
