internal import ArgumentParser
internal import Identity
internal import JSON
internal import Protocol

/// `bursar import`: reference data from files, each whole or not at all.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import reference data from CSV or JSON.",
        discussion: """
            Each file is imported whole or not at all, and every fault of it is named. Import what \
            others refer to first: campuses, banks, accounts, students; roles before users. The \
            columns of a kind stand in its own help.
            """,
        groupedSubcommands: [
            CommandGroup(
                name: "Ledger",
                subcommands: [
                    Accounts.self, DetailCodes.self, GLPeriods.self, Sources.self,
                ]
            ),
            CommandGroup(
                name: "Students and funds",
                subcommands: [
                    Campuses.self, Students.self, EnrollmentPeriods.self, AcademicYears.self,
                    FundSources.self, Banks.self, BankAccounts.self,
                ]
            ),
            CommandGroup(
                name: "Payments",
                subcommands: [Drawers.self, Roles.self, Users.self]
            ),
        ]
    )

    struct Accounts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create or replace accounts.",
            discussion: "Columns: account_id,name,inactive,alert_code,warning_code."
        )

        @OptionGroup var file: ImportFile

        func run() async throws { try await file.upload(to: PostingMethods.importAccounts) }
    }

    struct DetailCodes: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "detail-codes",
            abstract: "Create or replace detail codes.",
            discussion: "Columns: detail_code,description,type,gl_account,active,subsystem."
        )

        @OptionGroup var file: ImportFile

        func run() async throws { try await file.upload(to: PostingMethods.importDetailCodes) }
    }

    struct Sources: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Approve service accounts for source systems.",
            discussion: "Columns: source_name,account,commit_policy."
        )

        @OptionGroup var file: ImportFile

        func run() async throws {
            let bytes = try file.read()
            let sources = try SourceRecord.read(bytes, format: file.format(of: bytes))
            let administration = try Administration(file.options)
            for source in sources {
                _ = try await administration.call(.auth, AuthMethods.putSource, source.body)
            }
            if file.options.json {
                let count = JSONNode.number(String(sources.count))
                return try Console.writeDocument(JSONNode(members: [("imported", count)]).bytes)
            }
            try Console.print("imported \(sources.count) sources")
        }
    }
}

/// The file of an import and its format.
struct ImportFile: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case csv
        case json

        /// What a file's name says; nil where it says nothing.
        init?(name: String) {
            if name.hasSuffix(".json") {
                self = .json
            } else if name.hasSuffix(".csv") {
                self = .csv
            } else {
                return nil
            }
        }

        /// JSON lists begin with a bracket; a name of a column does not.
        init(firstCharacterOf bytes: [UInt8]) {
            let isSpace: (UInt8) -> Bool = { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
            let first = bytes.first { !isSpace($0) }
            self = first == UInt8(ascii: "[") || first == UInt8(ascii: "{") ? .json : .csv
        }
    }

    @Argument(help: "The file, or - for standard input.")
    var file: String

    @Option(help: "csv or json; if not given, what the file's name or first character says.")
    var format: Format?

    @OptionGroup var options: GlobalOptions

    func read() throws -> [UInt8] { try InputFile.read(file) }

    func format(of bytes: [UInt8]) -> Format {
        format ?? Format(name: file) ?? Format(firstCharacterOf: bytes)
    }

    /// Sends the file to a method that imports it; `kind` where it takes several kinds of data.
    func upload(
        to method: MethodDescriptor,
        of service: ServiceName = .posting,
        kind: String? = nil
    ) async throws {
        let bytes = try read()
        let reply = try await Administration(options).upload(
            service,
            method,
            params: JSONNode(members: [
                ("kind", kind.map { .string($0) }),
                ("format", .string(format(of: bytes).rawValue)),
            ]),
            file: bytes
        )
        if options.json { return try reply.write() }
        try Console.print(
            "imported \(try reply.member("imported")): \(try reply.member("created")) new, "
                + "\(try reply.member("changed")) changed"
        )
    }
}
