internal import Identity
internal import JSON
internal import Protocol
internal import Transport

/// The background loops of every service that answers RPC, from its own mouth.
struct LoopReport {
    private let session: RPCSession

    init(_ settings: Settings) throws { session = try RPCSession(settings) }

    /// Prints a table, or one document with the loops of each service by its name.
    func show(asJSON: Bool) async throws {
        var table = Table([
            ("service", .left), ("loop", .left), ("runs", .right), ("failures", .right),
            ("last success", .left), ("last error", .left), ("what it does", .left),
        ])
        var members: [JSONNode.Member] = []
        for service in ServiceWord.allCases.map(\.name) {
            let reply = try await session.call(service, BuiltInMethods.health)
            guard let loops = JSONNode(reply.bytes)?["loops"] else {
                throw CommandFailure.trouble("\(service.rawValue): the answer is not JSON.")
            }
            members.append(.init(key: service.rawValue, value: loops))
            for loop in loops.elements {
                let error = loop["last_error"]
                let cells = [
                    loop["name"], loop["runs"], loop["failures"], loop["last_success"],
                    error?["message"], loop["purpose"],
                ]
                table.add([service.rawValue] + cells.map { $0?.cell ?? "" })
            }
        }
        guard asJSON else { return try Console.print(table.text) }
        try Console.writeDocument(JSONNode.object(members).bytes)
    }
}
