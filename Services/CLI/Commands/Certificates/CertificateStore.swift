internal import Crypto
internal import Foundation
internal import Supervision

/// The folder of a deployment's certificates: `ca.crt`, `ca.key` and `NAME.crt`, `NAME.key`.
///
/// Keys have mode 0600. A certificate and its key are put in place one directly after the other; a
/// service that starts in between refuses the pair and is started again.
struct CertificateStore {
    /// What a certificate is for.
    enum Holder: Sendable, Hashable {
        case service(String)
        case client(String)

        var uri: String {
            switch self {
            case .service(let name): "bursar://service/\(name)"
            case .client(let name): "bursar://client/\(name)"
            }
        }

        /// The name of the files: `client-demo` for the client `demo`.
        var fileName: String {
            switch self {
            case .service(let name): name
            case .client(let name): "client-\(name)"
            }
        }
    }

    private static let authorityDays: Int64 = 3_650
    /// Clocks of other machines may be behind by this much.
    private static let leewaySeconds: Int64 = 300
    private static let secondsPerDay: Int64 = 86_400

    let folder: String
    let now: Int64

    init(folder: String, now: Int64 = Int64(Date().timeIntervalSince1970)) {
        self.folder = folder
        self.now = now
    }

    func certificatePath(_ name: String) -> String { "\(folder)/\(name).crt" }
    func keyPath(_ name: String) -> String { "\(folder)/\(name).key" }

    /// The authority, or nil where there is none yet.
    func authority() throws -> CertificateAuthority? {
        guard let certificate = try text(certificatePath("ca")),
            let key = try text(keyPath("ca"))
        else { return nil }
        return try CertificateAuthority(certificatePEM: certificate, keyPEM: key)
    }

    /// Makes the authority; an existing one is the caller's to protect.
    func makeAuthority() throws -> CertificateAuthority {
        let authority = try CertificateAuthority(
            commonName: "Bursar deployment authority",
            notBefore: now - Self.leewaySeconds,
            notAfter: now + Self.authorityDays * Self.secondsPerDay
        )
        try write(authority.certificate, authority.key, name: "ca")
        return authority
    }

    /// Issues a certificate and its key for a holder; hosts are names or addresses beside this
    /// machine's own.
    func issue(
        _ holder: Holder,
        from authority: CertificateAuthority,
        days: Int,
        hosts: [String]
    ) throws {
        var dnsNames = ["localhost"]
        var addresses = ["127.0.0.1", "::1"]
        for host in hosts where !dnsNames.contains(host) && !addresses.contains(host) {
            if Self.isAddress(host) { addresses.append(host) } else { dnsNames.append(host) }
        }
        let isClient = if case .client = holder { true } else { false }
        let (certificate, key) = try authority.issue(
            CertificateRequest(
                commonName: holder.fileName,
                uris: [holder.uri],
                dnsNames: isClient ? [] : dnsNames,
                ipAddresses: isClient ? [] : addresses,
                usage: isClient ? .client : .serverAndClient,
                notBefore: now - Self.leewaySeconds,
                notAfter: min(
                    now + Int64(days) * Self.secondsPerDay,
                    authority.certificate.notAfter
                )
            )
        )
        try write(certificate, key, name: holder.fileName)
    }

    /// A certificate of the folder, or nil.
    func certificate(_ name: String) throws -> Certificate? {
        try text(certificatePath(name)).map { try Certificate(pem: $0) }
    }

    /// The names of all certificates, the authority's first.
    func names() throws -> [String] {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        let names = files.filter { $0.hasSuffix(".crt") }.map { String($0.dropLast(4)) }.sorted()
        return names.filter { $0 == "ca" } + names.filter { $0 != "ca" }
    }

    /// The holder that a certificate names, and the hosts that it carries, so that it can be renewed.
    static func holder(of certificate: Certificate) -> (Holder, hosts: [String])? {
        for uri in certificate.uris {
            let parts = uri.split(separator: "/")
            guard parts.count == 3, parts[0] == "bursar:" else { continue }
            let hosts = certificate.dnsNames + certificate.ipAddresses.map(addressText)
            switch parts[1] {
            case "service": return (.service(String(parts[2])), hosts)
            case "client": return (.client(String(parts[2])), hosts)
            default: continue
            }
        }
        return nil
    }

    static func daysLeft(_ certificate: Certificate, now: Int64) -> Int64 {
        (certificate.notAfter - now) / secondsPerDay
    }

    private func text(_ path: String) throws -> String? {
        try PrivateFile.read(path).map { String(decoding: $0, as: UTF8.self) }
    }

    private func write(_ certificate: Certificate, _ key: P256PrivateKey, name: String) throws {
        try PrivateFile.write(Array(try key.pem().utf8), to: keyPath(name))
        try PrivateFile.write(Array(try certificate.pem().utf8), to: certificatePath(name))
    }

    private static func isAddress(_ text: String) -> Bool {
        var bytes = in6_addr()
        return inet_pton(AF_INET, text, &bytes) == 1 || inet_pton(AF_INET6, text, &bytes) == 1
    }

    private static func addressText(_ bytes: [UInt8]) -> String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
