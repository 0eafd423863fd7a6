internal import JSON
internal import Protocol

/// A task as the edge serves it: its state, and the result once it is done (contract A1-13).
package struct TaskDocument: Sendable, Hashable {
    package private(set) var id = ""
    package private(set) var status = ""
    package private(set) var path: String?
    package private(set) var result: SetSummary?

    package init(_ bytes: [UInt8]) throws(CommandFailure) {
        self = try SetSummary.read(bytes) { (scanner, buffer) throws(JSONScanner.Fault) in
            var task = TaskDocument()
            try scanner.object { (key, scanner) throws(JSONScanner.Fault) in
                if key == "message", scanner.peek() == UInt8(ascii: "{") {
                    task.result = try SetSummary(&scanner, in: buffer)
                    return
                }
                let value = try JSONNode(&scanner, in: buffer)
                switch key {
                case "id": task.id = value.cell
                case "status": task.status = value.cell
                case "path": task.path = value == .null ? nil : value.cell
                default: break
                }
            }
            return task
        }
    }

    private init() {}

    package var isDone: Bool { status == "complete" || status == "error" }

    /// How a command that waited for this task ends.
    package var exitStatus: CommandEnd {
        switch status {
        case "complete": .done
        case "error": result?.exitStatus ?? .refused
        default: .done
        }
    }

    /// The task as text for people.
    package var text: String {
        var lines = ["task       \(id)", "status     \(status)"]
        if let path { lines.append("path       \(path)") }
        if let result { lines += SetReport.lines(result) }
        return lines.joined(separator: "\n")
    }
}

/// A set's result as text for people.
enum SetReport {
    /// Failures shown before the rest is only counted.
    static let shownFailures = 50

    static func lines(_ set: SetSummary) -> [String] {
        let count = set.cell("record_count")
        var lines = [
            "set        \(set.cell("batch_id")) (\(set.cell("source_batch_id")))",
            "type       \(set.cell("posting_type")), \(set.cell("source_name"))",
            "loaded     \(set.transactionsLoaded) of \(count)",
            "total      \(set.fields["total_amount"]?.amountCell ?? "")",
        ]
        let error = set.cell("error_message")
        if !error.isEmpty { lines.append("refused    \(Table.printable(error))") }
        guard !set.failures.isEmpty else { return lines }
        lines += ["", failures(set.failures.prefix(shownFailures)).text]
        let hidden = set.failures.count - shownFailures
        if hidden > 0 { lines.append("… and \(hidden) more: --json shows all.") }
        return lines
    }

    private static func failures(_ failures: some Sequence<JSONNode>) -> Table {
        var table = Table([
            ("reference", .left), ("account", .left), ("code", .left), ("amount", .right),
            ("error", .left),
        ])
        for failure in failures {
            table.add([
                failure["reference_number"]?.cell ?? "", failure["account_id"]?.cell ?? "",
                failure["detail_code"]?.cell ?? "", failure["amount"]?.amountCell ?? "",
                failure["error_message"]?.cell ?? "",
            ])
        }
        return table
    }
}
