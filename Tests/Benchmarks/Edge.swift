import EdgeClient
import Foundation
import HTTP2
import NIOCore
import NIOPosix
import Transport

/// The deployment under measurement, as a source system sees it: HTTPS, a key and a token.
struct Edge: Sendable {
    struct Failure: Error, CustomStringConvertible { let description: String }

    let client: EdgeClient
    let state: String
    private let token: String

    /// Reads `demo.env` of the state folder and exchanges its key for a token.
    static func connect(state: String, loop: any EventLoop) async throws -> Edge {
        let text = try String(contentsOfFile: state + "/demo.env", encoding: .utf8)
        var demo: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { demo[parts[0]] = parts[1] }
        }
        guard let address = demo["BURSAR_URL"].flatMap({ URLComponents(string: String($0)) }),
            let host = address.host, let port = address.port,
            let authority = demo["BURSAR_CA"], let key = demo["BURSAR_API_KEY"]
        else { throw Failure(description: "\(state)/demo.env is not complete") }
        let tls = try TLSContext.edgeClient(authority: String(authority), protocols: ["h2"])
        let client = EdgeClient(host: host, port: port, tls: tls, loop: loop)
        let scope = "api:accounts_receivable.postings.batches:write"
        let reply = try await client.request(
            "POST",
            "/api/jwt?scope=\(scope)",
            headers: [("authorization", String(key))]
        )
        struct Answer: Decodable { let jwt: String }
        let answer = try JSONDecoder().decode(Answer.self, from: Data(reply.body.readableBytesView))
        return Edge(client: client, state: state, token: answer.jwt)
    }

    private init(client: EdgeClient, state: String, token: String) {
        self.client = client
        self.state = state
        self.token = token
    }

    private var headers: [(String, String)] {
        [("authorization", "Bearer " + token), ("content-type", "application/json")]
    }

    /// Submits a set; returns the path of its task.
    func submit(_ body: ByteBuffer) async throws -> String {
        let reply = try await client.request(
            "POST",
            "/api/accounts_receivable/postings/batches",
            headers: headers,
            body: body
        )
        guard reply.status == 202, let location = reply.header("location") else {
            throw Failure(description: "submit: \(reply.status) \(String(buffer: reply.body))")
        }
        return location
    }

    /// The first word of a task's status, read no further than it takes: a finished task carries its
    /// whole set.
    func status(_ location: String) async throws -> String {
        let reply = try await client.open("GET", location, headers: headers)
        guard reply.status == 200 else { throw Failure(description: "task: \(reply.status)") }
        var head = ByteBuffer()
        for try await piece in reply.body {
            head.writeImmutableBuffer(piece)
            if head.readableBytes >= 64 { break }
        }
        reply.cancel()
        let words = String(buffer: head).split(separator: "\"", maxSplits: 4)
        return words.count > 3 ? String(words[3]) : ""
    }

    /// Waits until a task has ended; throws if it did not end well.
    func waitForCompletion(_ location: String) async throws {
        while true {
            switch try await status(location) {
            case "complete": return
            case "error": throw Failure(description: "task \(location) ended with errors")
            default: try await Task.sleep(nanoseconds: 1_000_000)
            }
        }
    }

    /// How many sets of a run have ended well.
    func completed(run: String) async throws -> Int {
        let reply = try await client.request(
            "GET",
            "/api/accounts_receivable/postings/batches"
                + "?source_batch_id=\(run)&status=success&pagesize=1",
            headers: headers
        )
        return reply.header("x-count").flatMap(Int.init) ?? 0
    }

    /// The largest resident memory that any service has had, in megabytes, with its name.
    func largestResidentMemory() throws -> (name: String, megabytes: Double) {
        var largest = (name: "", megabytes: 0.0)
        for name in [
            "auth-service", "batch-service", "posting-service", "ach-service", "gateway",
        ] {
            let pid = try String(contentsOfFile: "\(state)/run/\(name).pid", encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            let kibibytes = line?.split(separator: " ").compactMap { Double($0) }.first ?? 0
            note("  \(name): \(Int(kibibytes / 1_000)) MB")
            if kibibytes / 1_000 > largest.megabytes { largest = (name, kibibytes / 1_000) }
        }
        return largest
    }
}
