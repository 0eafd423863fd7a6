internal import ArgumentParser
internal import Identity
internal import JSON
internal import Protocol
internal import Transport

/// `bursar describe`: what a service offers, from its own mouth.
struct DescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "A service's methods, who may call them and what they take."
    )

    @Argument(help: "auth, batch, posting or ach.")
    var service: ServiceWord

    @Flag(help: "Show the shapes of requests and replies too.")
    var shapes = false

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let session = try RPCSession(try options.settings())
        let reply = try await session.call(service.name, BuiltInMethods.describe)
        if options.json { return try Console.writeDocument(reply.bytes) }
        guard let node = JSONNode(reply.bytes) else {
            throw CommandFailure.trouble("\(service.name.rawValue): the answer is not JSON.")
        }
        let title = ["service", "version", "instance"].map { node[$0]?.cell ?? "" }
        try Console.print("\(title[0]) \(title[1]), instance \(title[2])\n")
        let methods = node["methods"]?.elements ?? []
        var table = Table([
            ("method", .left), ("callers", .left), ("authority", .left), ("summary", .left),
        ])
        for method in methods {
            let authority = method["scope"] ?? method["authority"]
            table.add(
                [method["name"], method["callers"], authority, method["summary"]].map {
                    $0?.cell ?? ""
                }
            )
        }
        try Console.print(table.text)
        guard shapes else { return }
        for method in methods {
            let request = method["request"]?.cell ?? ""
            let answer = method["reply"]?.cell ?? ""
            try Console.print("\n\(method["name"]?.cell ?? "")\n  \(request)\n  → \(answer)")
        }
    }
}
