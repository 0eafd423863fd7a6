internal import Identity
internal import JSON
internal import Protocol
internal import Transport

/// Calls with the administrator's key: each takes a token with just the scope that its method names.
struct Administration {
    private let session: RPCSession
    private let key: KeyChoice

    init(_ options: GlobalOptions, key: KeyChoice = .admin) throws {
        session = try RPCSession(try options.settings())
        self.key = key
    }

    func call(
        _ service: ServiceName,
        _ method: MethodDescriptor,
        _ body: JSONNode = JSONNode(members: [])
    ) async throws -> RPCDocument {
        let reply = try await session.call(
            service,
            method,
            body: body.bytes,
            token: try await token(for: method)
        )
        return RPCDocument(method: method.name, bytes: reply.bytes, metadata: reply.metadata)
    }

    /// Sends a file as the body and `params` beside it.
    func upload(
        _ service: ServiceName,
        _ method: MethodDescriptor,
        params: JSONNode,
        file: [UInt8]
    ) async throws -> RPCDocument {
        let reply = try await session.call(
            service,
            method,
            params: params.bytes,
            body: file,
            token: try await token(for: method)
        )
        return RPCDocument(method: method.name, bytes: reply.bytes, metadata: reply.metadata)
    }

    private func token(for method: MethodDescriptor) async throws -> String? {
        switch method.authority {
        case .certificate: nil
        case .token: try await session.token(key, scopes: [])
        case .scope(let scope): try await session.token(key, scopes: [scope])
        }
    }
}

/// A reply's JSON and how to show it.
struct RPCDocument: Sendable {
    let method: String
    let bytes: [UInt8]
    let metadata: [String: MetadataValue]

    /// The reply as JSON.
    func node() throws -> JSONNode {
        guard let node = JSONNode(bytes) else {
            throw CommandFailure.trouble("\(method): the answer is not JSON.")
        }
        return node
    }

    /// A member's text.
    func member(_ name: String) throws -> String {
        guard let value = try node()[name] else {
            throw CommandFailure.trouble("\(method): the answer has no \(name).")
        }
        return value.cell
    }

    /// Writes the reply as it came.
    func write() throws { try Console.writeDocument(bytes) }

    /// Shows a list as a table whose columns are members, or as it came with `--json`.
    func show(_ options: GlobalOptions, as columns: [(String, Table.Alignment)]) throws {
        if options.json { return try write() }
        try RPCDocument.show(try node().elements, as: columns)
    }

    static func show(_ rows: [JSONNode], as columns: [(String, Table.Alignment)]) throws {
        var table = Table(columns.map { ($0.0.replacing("_", with: " "), $0.1) })
        for row in rows { table.add(columns.map { cell(row[$0.0], $0.1) }) }
        if table.isEmpty { Console.note("none") } else { try Console.print(table.text) }
    }

    private static func cell(_ value: JSONNode?, _ alignment: Table.Alignment) -> String {
        guard let value else { return "" }
        return alignment == .right ? value.amountCell : value.cell
    }
}
