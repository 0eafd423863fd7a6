internal import Nacha

/// Diagnostics as a bank's operator reads them: the rule, the record, the positions, what to do.
struct DiagnosticText {
    let reveal: Bool

    /// One diagnostic in a few lines.
    func lines(_ diagnostic: Diagnostic) -> [String] {
        var lines = [heading(diagnostic)]
        if diagnostic.record != nil { lines += picture(diagnostic) }
        lines.append("  " + diagnostic.message)
        lines.append("  " + diagnostic.remedy)
        return lines
    }

    private func heading(_ diagnostic: Diagnostic) -> String {
        let place =
            diagnostic.from == diagnostic.to
            ? "position \(diagnostic.from)"
            : "positions \(diagnostic.from)-\(diagnostic.to)"
        let isWhole = diagnostic.from == 1 && diagnostic.to == RecordView.length
        let code = diagnostic.returnCode.map { ", would earn \($0)" } ?? ""
        return
            "\(diagnostic.severity.rawValue) \(diagnostic.rule.rawValue): line \(diagnostic.line)"
            + (isWhole ? "" : ", \(place)") + code
    }

    /// The record, and a line of marks below the positions at fault.
    private func picture(_ diagnostic: Diagnostic) -> [String] {
        guard let record = diagnostic.record else { return [] }
        let text =
            reveal ? record.text(1, RecordView.length) : Masking.mask(record, diagnostic.kind)
        let number = "\(diagnostic.line)"
        let margin = String(repeating: " ", count: number.count)
        let to = max(diagnostic.from, min(diagnostic.to, RecordView.length + 1))
        let marks =
            String(repeating: " ", count: diagnostic.from - 1)
            + String(repeating: "^", count: to - diagnostic.from + 1)
        return [
            "  \(number) | \(Table.printable(text))",
            "  \(margin) | \(marks)",
        ]
    }

    /// What a file holds and how it was judged, in one line.
    static func summary(_ report: FileReport, _ name: String, _ profile: String) -> String {
        var parts: [String] = []
        if report.errorCount > 0 { parts.append(counted(report.errorCount, "error")) }
        if report.warningCount > 0 { parts.append(counted(report.warningCount, "warning")) }
        parts += [
            counted(report.entries, "entry", "entries"),
            counted(report.batches, "batch", "batches"),
            "debits \(MinorUnits.text(report.debitMinorUnits))",
            "credits \(MinorUnits.text(report.creditMinorUnits))",
        ]
        return "\(Table.printable(name)): \(report.isValid ? "valid" : "invalid") (\(profile)): "
            + parts.joined(separator: ", ")
    }

    /// The rules of which more was found than is shown.
    static func dropped(_ report: FileReport) -> [String] {
        report.dropped.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            "and \(grouped($0.value)) more of \($0.key.rawValue)"
        }
    }

    /// Refuses a file with errors, naming each.
    static func refuse(
        _ report: FileReport,
        _ name: String,
        _ consequence: String = "nothing was written"
    ) throws {
        guard !report.isValid else { return }
        let errors = report.diagnostics.filter { $0.severity == .error }
        let shown = errors.prefix(20).map { "line \($0.line): \($0.rule.rawValue): \($0.message)" }
        let rest = report.errorCount - shown.count
        throw CommandFailure(
            .refused,
            "\(name) is no valid file; \(consequence). See `bursar ach validate`.",
            details: shown + (rest > 0 ? ["and \(grouped(rest)) more"] : [])
        )
    }

    private static func counted(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(grouped(number)) \(number == 1 ? one : many ?? one + "s")"
    }

    private static func grouped(_ number: Int) -> String { ProgressBar.grouped(number) }
}
