internal import JSON
internal import Money
internal import Protocol

/// Objects of the edge as text for people.
enum PaymentText {
    /// One line for each member that has a value, in their order; lists and objects are left out.
    static func lines(_ node: JSONNode) -> String {
        guard case .object(let members) = node else { return node.cell }
        let shown = members.filter { member in
            switch member.value {
            case .null, .array, .object: false
            case .string(let text): !text.isEmpty
            case .boolean, .number: true
            }
        }
        let width = shown.map(\.key.count).max() ?? 0
        return shown.map { member in
            let title = member.key.replacing("_", with: " ")
            let space = String(repeating: " ", count: width - title.count + 2)
            return title + space + Table.printable(cell(member.value))
        }
        .joined(separator: "\n")
    }

    /// A table of objects whose columns are members; nil where there are none.
    static func table(_ rows: [JSONNode], _ columns: [(String, Table.Alignment)]) -> String? {
        guard !rows.isEmpty else { return nil }
        var table = Table(columns.map { ($0.0.replacing("_", with: " "), $0.1) })
        for row in rows { table.add(cells(row, columns)) }
        return table.text
    }

    static func cells(_ row: JSONNode, _ columns: [(String, Table.Alignment)]) -> [String] {
        columns.map { name, _ in row[name].map(cell) ?? "" }
    }

    /// A number with a fraction is an amount, or a percentage: both have two places.
    static func cell(_ value: JSONNode) -> String {
        if case .number(let text) = value, text.contains(".") { return value.amountCell }
        return value.cell
    }

    /// Shows an answer as it came with `--json`, else as lines.
    static func show(_ answer: EdgeAnswer, _ options: GlobalOptions) throws {
        if options.json { return try Console.writeDocument(answer.body) }
        try Console.print(lines(try answer.node()))
        if answer.isReplayed { Console.note("(Known already: the key was used before.)") }
    }

    /// The count and total of an object that has both.
    static func extent(_ node: JSONNode) throws -> Extent {
        guard let count = node["count"]?.integer,
            let total = AmountArgument(argument: node["total"]?.cell ?? "")
        else { throw CommandFailure.trouble("The server's answer has no count and total.") }
        return Extent(count: count, total: total.amount)
    }
}
