/// Who stands at the other end of a mutual TLS connection: the URI name of its certificate.
///
/// Two shapes exist: `bursar://service/NAME` for Bursar's own processes and `bursar://client/NAME`
/// for internal systems that call a service directly. Anything else is not an identity and is
/// refused (design 4.1).
package struct PeerIdentity: Hashable, Sendable, CustomStringConvertible {
    /// What kind of caller a certificate names.
    package enum Kind: String, Sendable {
        case service
        case client
    }

    package let kind: Kind
    package let name: String

    package init(kind: Kind, name: String) {
        self.kind = kind
        self.name = name
    }

    /// Reads `bursar://service/batch-service`; nil where the URI has another form.
    ///
    /// A name is 1 to 64 characters of `a-z`, `0-9` and `-`.
    package init?(uri: some StringProtocol) {
        guard uri.hasPrefix("bursar://") else { return nil }
        let parts = uri.dropFirst("bursar://".count).split(
            separator: "/",
            omittingEmptySubsequences: false
        )
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])) else { return nil }
        let name = parts[1]
        guard (1...64).contains(name.utf8.count) else { return nil }
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"):
                continue
            default:
                return nil
            }
        }
        self.kind = kind
        self.name = String(name)
    }

    package var uri: String { "bursar://\(kind.rawValue)/\(name)" }
    package var description: String { uri }

    package static func service(_ name: ServiceName) -> PeerIdentity {
        PeerIdentity(kind: .service, name: name.rawValue)
    }

    package static func client(_ name: String) -> PeerIdentity {
        PeerIdentity(kind: .client, name: name)
    }
}

/// The processes of a deployment, by the name in their certificate, logs and process files.
package enum ServiceName: String, Sendable, CaseIterable, Codable {
    case auth = "auth-service"
    case batch = "batch-service"
    case posting = "posting-service"
    case ach = "ach-service"
    case gateway = "gateway"

    /// The word in method names, ports and configuration: `auth`, `batch`, `posting`, `ach`, `gateway`.
    package var word: String {
        switch self {
        case .auth: "auth"
        case .batch: "batch"
        case .posting: "posting"
        case .ach: "ach"
        case .gateway: "gateway"
        }
    }

    /// The default RPC port; the gateway's is its HTTPS port (design 1.8).
    package var defaultPort: Int {
        switch self {
        case .auth: 7401
        case .batch: 7402
        case .posting: 7403
        case .ach: 7404
        case .gateway: 8443
        }
    }

    /// The default port of health, readiness and metrics, plain HTTP on loopback (design 1.8).
    package var defaultAdminPort: Int {
        switch self {
        case .gateway: 7500
        case .auth: 7501
        case .batch: 7502
        case .posting: 7503
        case .ach: 7504
        }
    }
}
