/// A list that comes in pages: one JSON array, or one table, of all of them.
struct PagedOutput {
    private let json: Bool
    private var rows: [[String]] = []
    private var isOpen = false
    private(set) var count = 0

    init(json: Bool) { self.json = json }

    /// Takes a page: a JSON array as the server wrote it, and its rows as cells.
    mutating func page(_ array: [UInt8], rows: [[String]]) throws {
        count += rows.count
        guard json else {
            self.rows += rows
            return
        }
        guard let start = array.firstIndex(of: UInt8(ascii: "[")),
            let end = array.lastIndex(of: UInt8(ascii: "]"))
        else { throw CommandFailure.trouble("The server's answer is not a list.") }
        if !isOpen {
            try Console.write([UInt8(ascii: "[")])
        } else if !rows.isEmpty {
            try Console.write([UInt8(ascii: ",")])
        }
        isOpen = true
        try Console.write(Array(array[(start + 1)..<end]))
    }

    /// Ends the array, or prints the rows in `table`, which has the columns.
    func end(_ table: Table) throws {
        if json { return try Console.print(isOpen ? "]" : "[]") }
        guard !rows.isEmpty else { return }
        var table = table
        for row in rows { table.add(row) }
        try Console.print(table.text)
    }
}
