internal import Crypto
internal import Foundation
internal import Identity

/// Looks at a service's certificate and private key before they are used.
///
/// A key that other users of the machine can read is no longer a secret, and a pair that does not
/// fit fails only when the first peer connects: both refuse the start (fault S-10).
enum KeyFiles {
    static func problems(_ configuration: Configuration, now: Int64) -> [ConfigurationError.Problem]
    {
        var problems: [ConfigurationError.Problem] = []
        let key = read(configuration.keyPath, secret: true, into: &problems)
        let certificate = read(configuration.certificatePath, secret: false, into: &problems)
        _ = read(configuration.authorityPath, secret: false, into: &problems)
        guard let key, let certificate else { return problems }
        func report(_ path: String, _ remedy: String) {
            problems.append(.init(variable: path, value: "", remedy: remedy))
        }
        let readKey = try? P256PrivateKey(pem: key)  // nil is reported two lines on
        let readCertificate = try? Certificate(pem: certificate)  // nil is reported below
        guard let readKey else {
            report(configuration.keyPath, "it holds no P-256 key in PEM; issue it again")
            return problems
        }
        guard let readCertificate else {
            report(configuration.certificatePath, "it holds no certificate in PEM; issue it again")
            return problems
        }
        if !readCertificate.matches(readKey) {
            report(
                configuration.keyPath,
                "it is not the key of \(configuration.certificatePath); issue both again"
            )
        }
        let identity = PeerIdentity.service(configuration.service).uri
        if !readCertificate.uris.contains(identity) {
            report(configuration.certificatePath, "it does not name \(identity); issue it again")
        }
        if now >= readCertificate.notAfter {
            report(configuration.certificatePath, "it has expired; renew it")
        }
        return problems
    }

    /// What is wrong with the mode of a file that holds a secret, or nil.
    static func secrecyProblem(of path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return "it cannot be found; create it" }
        guard status.st_mode & S_IFMT == S_IFREG else { return "it is not a file" }
        guard status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            return "its mode is 0\(mode), so that others can read it; run chmod 600 on it"
        }
        return nil
    }

    private static func read(
        _ path: String,
        secret: Bool,
        into problems: inout [ConfigurationError.Problem]
    ) -> String? {
        if secret, let remedy = secrecyProblem(of: path) {
            problems.append(.init(variable: path, value: "", remedy: remedy))
            return nil
        }
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            problems.append(
                .init(variable: path, value: "", remedy: "it cannot be read; issue it again")
            )
            return nil
        }
    }
}
