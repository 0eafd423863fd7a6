internal import ArgumentParser
internal import Identity
internal import JSON
internal import NIOCore
internal import Protocol
internal import Supervision
internal import Transport

/// `bursar export`: whole data for independent checks.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Export data for independent checks.",
        subcommands: [Ledger.self]
    )

    struct Ledger: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every ledger entry in order of its id, one JSON object a line.",
            discussion: """
                Read from posting-service while it runs, a page at a time; entries never change, \
                so that the pages fit together. With -o the file appears when it is complete.
                """
        )

        @Option(
            name: [.customShort("o"), .long],
            help: "Write to FILE instead of standard output."
        )
        var output: String?

        @Option(help: "Entries on a page, 1 to 100000.")
        var pageSize = 50_000

        @OptionGroup var keyOption: KeyOption<SourceKey>

        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard (1...100_000).contains(pageSize) else {
                throw ValidationError("--page-size \(pageSize): give 1 to 100000.")
            }
        }

        func run() async throws {
            guard let output else {
                _ = try await export { try Console.write($0) }
                return
            }
            let file = try OutputFile(output)
            let count = try await export { try file.write($0) }
            try file.commit()
            Console.note("\(ProgressBar.grouped(count)) entries in \(output)")
        }

        /// Hands each page on; returns the number of entries.
        private func export(_ write: ([UInt8]) throws -> Void) async throws -> Int {
            let session = try RPCSession(try options.settings())
            let token = try await session.token(keyOption.key, scopes: [.generalLedgerRead])
            return try await session.connected(to: .posting) { client in
                var after: Int64 = 0
                var count = 0
                while true {
                    let page = try await fetch(after: after, from: client, token)
                    try write(page.bytes)
                    count += page.bytes.count { $0 == UInt8(ascii: "\n") }
                    guard case .boolean(true)? = page.metadata["more"],
                        case .integer(let last)? = page.metadata["last_entry_id"], last > after
                    else { return count }
                    after = last
                }
            }
        }

        private func fetch(
            after: Int64,
            from client: RPCClient,
            _ token: String
        ) async throws -> IncomingReply {
            let body = JSONNode(members: [
                ("after", .number(String(after))), ("limit", .number(String(pageSize))),
            ])
            do {
                return try await client.call(
                    PostingMethods.exportEntries,
                    body: ByteBuffer(bytes: body.bytes),
                    options: CallOptions(token: token)
                )
            } catch let error as RPCError {
                throw CommandFailure(error, calling: PostingMethods.exportEntries.name)
            }
        }
    }
}
