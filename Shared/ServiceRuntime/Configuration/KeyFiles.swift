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

    private static func read(
        _ path: String,
        secret: Bool,
        into problems: inout [ConfigurationError.Problem]
    ) -> String? {
        if secret, let remedy = SecretFile.problem(path) {
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
