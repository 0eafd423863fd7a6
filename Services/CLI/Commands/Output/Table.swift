/// A table for people: columns as wide as their widest cell, two spaces apart.
package struct Table: Sendable {
    package enum Alignment: Sendable {
        case left
        case right
    }

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []

    package init(_ columns: [(String, Alignment)]) {
        self.columns = columns.map { (title: $0.0, alignment: $0.1) }
    }

    /// Adds a row; missing cells are empty.
    package mutating func add(_ cells: [String]) {
        let missing = max(0, columns.count - cells.count)
        rows.append(cells.map(Self.printable) + [String](repeating: "", count: missing))
    }

    package var isEmpty: Bool { rows.isEmpty }

    package var text: String {
        let titles = columns.map { $0.title.uppercased() }
        let widths = columns.indices.map { column in
            ([titles] + rows).map { $0[column].count }.max() ?? 0
        }
        return ([titles] + rows).map { line($0, widths) }.joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = columns.indices.map { column in
            let space = String(repeating: " ", count: widths[column] - cells[column].count)
            return switch columns[column].alignment {
            case .left: cells[column] + space
            case .right: space + cells[column]
            }
        }
        let text = padded.joined(separator: "  ")
        let end = text.lastIndex { $0 != " " }
        return end.map { String(text[...$0]) } ?? ""
    }

    /// Control characters would let a description redraw an operator's screen.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var out = ""
        for scalar in text.unicodeScalars {
            out.unicodeScalars.append(isControl(scalar) ? "\u{FFFD}" : scalar)
        }
        return out
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        let category = scalar.properties.generalCategory
        return category == .control || category == .format
    }
}
