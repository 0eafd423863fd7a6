internal import JSON
internal import Protocol

/// A list of the edge, page by page, as one table or one JSON array.
struct PaymentList {
    let path: String
    var query: [(String, String)] = []
    let columns: [(String, Table.Alignment)]
    /// What the rows are, for people: `batches`.
    let noun: String
    let action: String

    func show(_ edge: PaymentEdge, _ pages: PageOptions, _ options: GlobalOptions) async throws {
        var output = PagedOutput(json: options.json)
        var next = pages.continuation
        var known: Int?
        repeat {
            var query = query
            if let size = pages.pageSize { query.append(("pagesize", String(size))) }
            if let next { query.append(("continuation_key", next)) }
            let answer = try await edge.get(path, query: query, action: action)
            known = answer.header("x-count").flatMap(Int.init) ?? known
            let rows = try answer.node().elements
            try output.page(answer.body, rows: rows.map { PaymentText.cells($0, columns) })
            next = answer.continuationKey
        } while pages.all && next != nil
        try output.end(Table(columns.map { ($0.0.replacing("_", with: " "), $0.1) }))
        guard !options.json else { return }
        Console.note("\(output.count)\(known.map { " of \($0)" } ?? "") \(noun).")
        if let next, known.map({ output.count < $0 }) ?? (output.count > 0) {
            Console.note("More: add --continuation \(next), or --all.")
        }
    }

    /// Every row of every page, for commands that work on them.
    func rows(_ edge: PaymentEdge) async throws -> [JSONNode] {
        var found: [JSONNode] = []
        var next: String?
        repeat {
            var query = query + [("pagesize", "1000")]
            if let next { query.append(("continuation_key", next)) }
            let answer = try await edge.get(path, query: query, action: action)
            found += try answer.node().elements
            next = answer.continuationKey
        } while next != nil
        return found
    }
}
