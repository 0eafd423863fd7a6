internal import ArgumentParser
internal import Identity
internal import Protocol
internal import Transport

/// `bursar call`: any method of any service.
struct CallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Call a method of a service over the binary protocol.",
        discussion: """
            Example: bursar call posting posting.accounts.get '{"account_id": "99999"}'. The token \
            holds the scope that the method asks for, unless --token-scope says otherwise.
            """
    )

    @Argument(help: "auth, batch, posting or ach.")
    var service: ServiceWord

    @Argument(help: "The method, as `bursar describe SERVICE` lists it.")
    var method: String

    @Argument(help: "The body: JSON, @FILE, or - for standard input.")
    var body = "{}"

    @Option(help: "Parameters beside the body, for methods whose body is a document: JSON.")
    var params: String?

    @Option(help: "A scope to ask for in the token; repeat for more.")
    var tokenScope: [String] = []

    @Option(help: "The API key to use: source, admin or other; if not given, what the scope needs.")
    var key: KeyChoice?

    @Flag(help: "Call without a token.")
    var noToken = false

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let session = try RPCSession(try options.settings())
        let descriptor = Self.descriptor(service.name, method)
        let reply = try await session.call(
            service.name,
            descriptor,
            params: params.map { Array($0.utf8) },
            body: try bodyBytes(),
            token: try await token(for: descriptor, session)
        )
        try Console.writeDocument(reply.bytes)
        for (name, value) in reply.metadata.sorted(by: { $0.key < $1.key }) where !options.json {
            Console.note("\(name): \(Self.text(value))")
        }
    }

    private func bodyBytes() throws -> [UInt8] {
        if body == "-" { return try InputFile.read(body) }
        if body.hasPrefix("@") { return try InputFile.read(String(body.dropFirst())) }
        return Array(body.utf8)
    }

    private func token(
        for descriptor: MethodDescriptor,
        _ session: RPCSession
    ) async throws -> String? {
        var scopes = tokenScope.map { Scope(rawValue: $0) }
        switch descriptor.authority {
        case .certificate where scopes.isEmpty && key == nil: return nil
        case .scope(let scope) where scopes.isEmpty: scopes = [scope]
        // Tasks and sets are shown to whoever may submit or audit them.
        case .token where scopes.isEmpty && service == .batch: scopes = [.postingBatchesWrite]
        case .certificate, .token, .scope: break
        }
        if noToken { return nil }
        let isMoney = scopes.contains { Scope.money.contains($0) }
        return try await session.token(key ?? (isMoney ? .source : .admin), scopes: scopes)
    }

    /// A known method, or one that this program has not heard of: the service will judge.
    private static func descriptor(_ service: ServiceName, _ name: String) -> MethodDescriptor {
        let own: [MethodDescriptor] =
            switch service {
            case .auth: AuthMethods.all
            case .batch: BatchMethods.all + PaymentMethods.all
            case .posting: PostingMethods.all + LedgerPaymentMethods.all
            case .ach, .gateway: []
            }
        let known = (own + BuiltInMethods.all).first { $0.name == name }
        return known
            ?? MethodDescriptor(
                name,
                "Unknown to this program.",
                callers: .anyone,
                authority: .token,
                maximumRequestBytes: 64 << 20,
                maximumReplyBytes: 1 << 30,
                defaultTimeoutSeconds: 120,
                request: "",
                reply: ""
            )
    }

    private static func text(_ value: MetadataValue) -> String {
        switch value {
        case .string(let text): text
        case .integer(let number): String(number)
        case .boolean(let value): String(value)
        }
    }
}

/// A service that answers calls, by the word in its methods' names.
enum ServiceWord: String, CaseIterable, ExpressibleByArgument {
    case auth
    case batch
    case posting
    case ach

    init?(argument: String) {
        let ending = "-service"
        let isFull = argument.hasSuffix(ending)
        self.init(rawValue: isFull ? String(argument.dropLast(ending.count)) : argument)
    }

    var name: ServiceName {
        switch self {
        case .auth: .auth
        case .batch: .batch
        case .posting: .posting
        case .ach: .ach
        }
    }
}
