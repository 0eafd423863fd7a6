internal import ArgumentParser
internal import Identity
internal import JSON
internal import Protocol

/// `bursar settings`: the settings of the services, read and changed one by one.
struct SettingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "Show settings, or change one.",
        discussion: "Examples: bursar settings; bursar settings nsf_charge_amount 25.00."
    )

    @Argument(help: "Show this setting alone.")
    var name: String?

    @Argument(help: "Its new value.")
    var value: String?

    @OptionGroup var keyOption: KeyOption<AdministratorKey>

    @OptionGroup var write: WriteOptions
    @OptionGroup var options: GlobalOptions

    private static let path = PaymentEdge.root + "/settings"

    func run() async throws {
        let edge = try await PaymentEdge(
            options.settings(),
            key: keyOption.key,
            scopes: value == nil ? [.batchesRead] : [.batchesRead, .settingsWrite]
        )
        let all = try await edge.get(Self.path, action: "reading the settings")
        if let name, let value {
            let held = try all.node().elements.first { $0["name"]?.cell == name }?["value"]
            let answer = try await edge.change(
                "PUT",
                Self.path + "/" + EdgeSession.queryValue(name),
                JSONNode(members: [("value", Self.node(value, like: held))]),
                idempotencyKey: write.idempotencyKey,
                action: "changing \(name)"
            )
            try PaymentText.show(answer, options)
        } else {
            try show(all)
        }
    }

    private func show(_ answer: EdgeAnswer) throws {
        let all = try answer.node().elements
        guard let name else {
            if options.json { return try Console.writeDocument(answer.body) }
            return try Console.print(Self.table(all).text)
        }
        guard let found = all.first(where: { $0["name"]?.cell == name }) else {
            throw CommandFailure.refused("\(name): no such setting; see `bursar settings`.")
        }
        if options.json { return try Console.writeDocument(found.bytes) }
        try Console.print(Self.table([found]).text)
    }

    /// Values as they are typed to change them.
    private static func table(_ settings: [JSONNode]) -> Table {
        var table = Table([("name", .left), ("value", .left), ("description", .left)])
        for setting in settings {
            let value =
                if case .boolean(let flag)? = setting["value"] {
                    String(flag)
                } else {
                    setting["value"].map(PaymentText.cell) ?? ""
                }
            table.add([
                setting["name"]?.cell ?? "", value, setting["description"]?.cell ?? "",
            ])
        }
        return table
    }

    /// Text where the setting holds text; else `true`, `false` and numbers as such.
    static func node(_ value: String, like held: JSONNode?) -> JSONNode {
        if case .string = held { return .string(value) }
        return switch JSONNode(Array(value.utf8)) {
        case .boolean(let flag)?: .boolean(flag)
        case .number(let text)?: .number(text)
        default: .string(value)
        }
    }
}
