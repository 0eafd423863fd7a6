internal import EdgeClient
internal import Foundation
package import Identity
internal import JSON
internal import NIOCore
internal import NIOPosix
internal import Protocol
internal import TLS
internal import Transport

/// Calls to the edge over HTTP/2, with a token made from an API key as a source system makes it.
package final class EdgeSession: Sendable {
    private let client: EdgeClient
    private let url: String

    package init(_ settings: Settings) throws {
        let (host, port) = try settings.edge()
        url = try settings.require("BURSAR_URL")
        do {
            client = EdgeClient(
                host: host,
                port: port,
                tls: try .edgeClient(
                    authority: try settings.require("BURSAR_CA"),
                    protocols: ["h2"]
                ),
                loop: MultiThreadedEventLoopGroup.singleton.next()
            )
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure.trouble("BURSAR_CA cannot be used: \(error)")
        }
    }

    // No command closes its connection by hand, whether it ends well or throws.
    deinit { client.disconnect() }

    /// A token with this scope, or a refusal that says what the key lacks.
    package func token(key: String, scope: Scope) async throws -> String {
        try await token(key: key, scopes: [scope])
    }

    /// A token with these scopes, or a refusal that says which of them the key lacks.
    package func token(key: String, scopes: [Scope]) async throws -> String {
        let words = scopes.map(\.rawValue)
        let path = "/api/jwt?scope=" + Self.queryValue(words.joined(separator: " "))
        let answer = try await send("POST", path, headers: [("authorization", key)])
        let node = JSONNode(answer.body)
        guard answer.status == 200, let token = node?["jwt"]?.cell else {
            throw answer.failure("signing in")
        }
        let accepted = node?["accepted_scopes"]?.elements.map(\.cell) ?? []
        let missing = words.filter { !accepted.contains($0) }.joined(separator: " ")
        guard missing.isEmpty else {
            throw CommandFailure.refused(
                "The key's account does not hold \(missing): an administrator grants it with "
                    + "`bursar grants add ACCOUNT \(missing)`."
            )
        }
        return token
    }

    /// Sends a request; one that surely had no effect, or that `mayRepeat`, is sent again a few times.
    package func send(
        _ method: String,
        _ path: String,
        headers: [(String, String)] = [],
        body: [UInt8] = [],
        mayRepeat: Bool = true
    ) async throws -> EdgeAnswer {
        var attempt = RetryBudget()
        while true {
            let outcome = await attemptOnce(method, path, headers, body)
            guard let delay = attempt.delay(after: outcome, mayRepeat: mayRepeat) else {
                return try outcome.get()
            }
            try await Task.sleep(for: .milliseconds(delay))
        }
    }

    private func attemptOnce(
        _ method: String,
        _ path: String,
        _ headers: [(String, String)],
        _ body: [UInt8]
    ) async -> Result<EdgeAnswer, EdgeTrouble> {
        do {
            let response = try await client.request(
                method,
                path,
                headers: headers,
                body: ByteBuffer(bytes: body)
            )
            return .success(
                EdgeAnswer(
                    status: response.status,
                    headers: response.headers.map { ($0.name, $0.value) },
                    body: Array(response.body.readableBytesView)
                )
            )
        } catch {
            return .failure(trouble(error))
        }
    }

    private func trouble(_ error: any Error) -> EdgeTrouble {
        switch error as? EdgeClientError {
        case .cannotConnect(let reason):
            EdgeTrouble(url: url, reason: reason, hadNoEffect: true)
        case .refused:
            EdgeTrouble(url: url, reason: "it refuses more work", hadNoEffect: true)
        default:
            EdgeTrouble(url: url, reason: "\(error)", hadNoEffect: false)
        }
    }

    /// Percent-encodes a value of a query.
    package static func queryValue(_ text: String) -> String {
        let plain = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
        )
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }
}

/// No answer came.
package struct EdgeTrouble: Error, Sendable, Hashable {
    let url: String
    let reason: String
    let hadNoEffect: Bool
}

/// How often and when to send a request again: four tries, doubling from 200 ms, or as the server asks.
struct RetryBudget: Sendable {
    static let tries = 4
    static let firstMilliseconds = 200
    static let longestMilliseconds = 10_000

    private var used = 1

    /// Milliseconds to wait before the next try, or nil to take the outcome as it is.
    mutating func delay(
        after outcome: Result<EdgeAnswer, EdgeTrouble>,
        mayRepeat: Bool
    ) -> Int? {
        guard used < Self.tries else { return nil }
        let doubled = Self.firstMilliseconds << (used - 1)
        let wait: Int
        switch outcome {
        case .failure(let trouble):
            guard trouble.hadNoEffect || mayRepeat else { return nil }
            wait = doubled
        case .success(let answer):
            guard answer.status == 429 || answer.status == 503, mayRepeat else { return nil }
            wait = answer.header("retry-after").flatMap(Int.init).map { $0 * 1_000 } ?? doubled
        }
        used += 1
        return min(max(wait, doubled), Self.longestMilliseconds)
    }
}
