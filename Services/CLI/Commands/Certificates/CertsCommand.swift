internal import JSON
internal import Protocol
internal import ArgumentParser
internal import Crypto
internal import Foundation
internal import Identity
internal import Supervision

/// `bursar certs`: the deployment's authority and the certificates of its services and clients.
struct CertsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certs",
        abstract: "Make, issue, renew and show the deployment's certificates.",
        subcommands: [Init.self, Issue.self, Renew.self, Show.self]
    )

    struct Init: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the authority and every service's certificate, as far as missing.",
            discussion: """
                What exists is left as it is. The authority's key signs everything: keep \
                tls/ca.key away from the machines that only run services.
                """
        )

        @OptionGroup var place: CertificatePlace
        @OptionGroup var terms: CertificateTerms

        func run() throws {
            let store = try place.make()
            let existing = try store.authority()
            let authority = try existing ?? store.makeAuthority()
            let holders =
                ServiceName.allCases.map { CertificateStore.Holder.service($0.rawValue) }
                + [.client("demo")]
            for holder in holders where try store.certificate(holder.fileName) == nil {
                try store.issue(holder, from: authority, days: terms.days, hosts: terms.host)
                Console.note("issued \(holder.uri)")
            }
        }
    }

    struct Issue: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Issue a certificate and a new key.",
            discussion: "Example: bursar certs issue --client campus-billing"
        )

        @Argument(help: "The name: 1 to 64 of a-z, 0-9 and -.")
        var name: String

        @Flag(help: "For an internal system that calls services, not for a service.")
        var client = false

        @Flag(help: "Replace a certificate of that name.")
        var force = false

        @OptionGroup var place: CertificatePlace
        @OptionGroup var terms: CertificateTerms

        func validate() throws {
            guard PeerIdentity(uri: "bursar://service/\(name)") != nil else {
                throw ValidationError("\(name): give 1 to 64 characters of a-z, 0-9 and -.")
            }
        }

        func run() throws {
            let store = try place.make()
            guard let authority = try store.authority() else { throw place.withoutAuthority }
            let holder: CertificateStore.Holder = client ? .client(name) : .service(name)
            guard try force || store.certificate(holder.fileName) == nil else {
                throw CommandFailure.refused(
                    "\(store.certificatePath(holder.fileName)) exists: `bursar certs renew "
                        + "\(holder.fileName)` renews it, --force replaces it."
                )
            }
            try store.issue(holder, from: authority, days: terms.days, hosts: terms.host)
            try Console.print(store.certificatePath(holder.fileName))
            try Console.print(store.keyPath(holder.fileName))
        }
    }

    struct Renew: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Issue certificates anew that end soon, each with a new key."
        )

        @Argument(help: "The certificates by file name; all of them if none is named.")
        var names: [String] = []

        @Option(help: "Only those that end within this many days; without it, all that are named.")
        var within: Int?

        @OptionGroup var place: CertificatePlace
        @OptionGroup var terms: CertificateTerms

        func run() throws {
            let store = try place.make()
            guard let authority = try store.authority() else { throw place.withoutAuthority }
            for name in names.isEmpty ? try store.names().filter({ $0 != "ca" }) : names {
                guard let certificate = try store.certificate(name) else {
                    throw CommandFailure.refused("\(name): no such certificate in \(store.folder).")
                }
                if let within, CertificateStore.daysLeft(certificate, now: store.now) >= within {
                    continue
                }
                guard let (holder, hosts) = CertificateStore.holder(of: certificate) else {
                    throw CommandFailure.refused("\(name): it names no service and no client.")
                }
                try store.issue(
                    holder,
                    from: authority,
                    days: terms.days,
                    hosts: hosts + terms.host
                )
                Console.note("renewed \(holder.uri); restart what uses it")
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Whom the certificates name and how long they live."
        )

        @OptionGroup var place: CertificatePlace

        @Flag(help: "Print JSON instead of a table.")
        var json = false

        func run() throws {
            let store = CertificateStore(folder: place.folder)
            var rows: [[String]] = []
            for name in try store.names() {
                guard let certificate = try store.certificate(name) else { continue }
                rows.append(Self.cells(name, certificate, now: store.now))
            }
            let titles = ["name", "identity", "ends", "days_left", "sha256"]
            guard !json else {
                let nodes = rows.map { row in
                    JSONNode.object(
                        zip(titles, row).map {
                            .init(key: $0, value: $0 == "days_left" ? .number($1) : .string($1))
                        }
                    )
                }
                return try Console.writeDocument(JSONNode.array(nodes).bytes)
            }
            var table = Table([
                ("name", .left), ("identity", .left), ("ends", .left), ("days left", .right),
                ("sha256", .left),
            ])
            for row in rows { table.add(Array(row.dropLast()) + [String(row[4].prefix(16))]) }
            try Console.print(table.text)
        }

        private static func cells(
            _ name: String,
            _ certificate: Certificate,
            now: Int64
        ) -> [String] {
            let end = Date(timeIntervalSince1970: TimeInterval(certificate.notAfter))
            let names = certificate.uris.joined(separator: " ")
            return [
                name, certificate.isAuthority ? "authority" : names,
                end.formatted(.iso8601), "\(CertificateStore.daysLeft(certificate, now: now))",
                Hexadecimal.encode(certificate.fingerprint),
            ]
        }
    }
}

/// Where the certificates lie.
struct CertificatePlace: ParsableArguments {
    @Option(help: "The folder; tls of the state folder if not given.")
    var dir: String?

    var folder: String {
        dir.map { StateFolder($0).path }
            ?? StateFolder(environment: ProcessInfo.processInfo.environment).tls
    }

    /// The store, its folder made if need be.
    func make() throws -> CertificateStore {
        try StateFolder(folder).makeFolder()
        return CertificateStore(folder: folder)
    }

    var withoutAuthority: CommandFailure {
        .refused("\(folder) has no ca.crt and ca.key: `bursar certs init` makes them.")
    }
}

/// How long and for which hosts a certificate is issued.
struct CertificateTerms: ParsableArguments {
    @Option(help: "Days until the certificate ends.")
    var days = 365

    @Option(help: "A host name or address that it also carries; repeat for more.")
    var host: [String] = []

    func validate() throws {
        guard (1...3_650).contains(days) else {
            throw ValidationError("--days \(days): give 1 to 3650.")
        }
    }
}
