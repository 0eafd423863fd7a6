import EdgeClient
import Foundation
import HTTP2
import NIOCore
import NIOPosix
import TLS
import Transport

/// The deployment under measurement, as a source system sees it: HTTPS, a key and a token.
struct Edge: Sendable {
    struct Failure: Error, CustomStringConvertible { let description: String }

    let client: EdgeClient
    let state: String
    private let token: String

    /// Reads `demo.env` of the state folder and exchanges the key of a variable for a token.
    static func connect(
        state: String,
        loop: any EventLoop,
        key variable: Substring = "BURSAR_API_KEY",
        scopes: [String] = ["api:accounts_receivable.postings.batches:write"]
    ) async throws -> Edge {
        let text = try String(contentsOfFile: state + "/demo.env", encoding: .utf8)
        var demo: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { demo[parts[0]] = parts[1] }
        }
        guard let address = demo["BURSAR_URL"].flatMap({ URLComponents(string: String($0)) }),
            let host = address.host, let port = address.port,
            let authority = demo["BURSAR_CA"], let key = demo[variable]
        else { throw Failure(description: "\(state)/demo.env is not complete") }
        let tls = try TLSContext.edgeClient(authority: String(authority), protocols: ["h2"])
        let client = EdgeClient(host: host, port: port, tls: tls, loop: loop)
        let reply = try await client.request(
            "POST",
            "/api/jwt?scope=" + scopes.joined(separator: "%20"),
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
        try await submit("/api/accounts_receivable/postings/batches", body)
    }

    /// Starts work that goes on by itself; returns where it can be watched.
    func submit(_ path: String, _ body: String) async throws -> String {
        try await submit(path, ByteBuffer(string: body))
    }

    private func submit(_ path: String, _ body: ByteBuffer) async throws -> String {
        let reply = try await client.request("POST", path, headers: headers, body: body)
        guard reply.status == 202, let location = reply.header("location") else {
            throw Failure(description: "\(path): \(reply.status) \(String(buffer: reply.body))")
        }
        return location
    }

    /// Adds a payment; returns when it is accepted.
    func pay(_ body: ByteBuffer) async throws {
        let reply = try await client.request(
            "POST",
            "/api/AR/v1/payments",
            headers: headers,
            body: body
        )
        guard reply.status == 201 else {
            throw Failure(description: "payment: \(reply.status) \(String(buffer: reply.body))")
        }
    }

    /// What a step of a payment batch answers.
    struct BatchAnswer: Decodable {
        let batch: Int
        let step: Int
        let count: Int

        private enum CodingKeys: String, CodingKey {
            case batch = "batch_id"
            case step = "life_cycle_step"
            case count
        }
    }

    /// Takes a payment batch a step on.
    func change(_ path: String, _ body: String) async throws -> BatchAnswer {
        let reply = try await client.request(
            "POST",
            path,
            headers: headers,
            body: ByteBuffer(string: body)
        )
        guard reply.status == 200 else {
            throw Failure(description: "\(path): \(reply.status) \(String(buffer: reply.body))")
        }
        return try JSONDecoder().decode(BatchAnswer.self, from: Data(reply.body.readableBytesView))
    }

    /// Waits until a journal run has ended; throws if it did not post.
    func waitForRun(_ location: String) async throws {
        struct Run: Decodable { let status: String }
        while true {
            let reply = try await client.request("GET", location, headers: headers)
            let text = String(buffer: reply.body)
            guard reply.status == 200 else {
                throw Failure(description: "run: \(reply.status) \(text)")
            }
            switch try JSONDecoder().decode(Run.self, from: Data(text.utf8)).status {
            case "Posted": return
            case "Failed": throw Failure(description: "run \(location) failed: \(text)")
            default: try await Task.sleep(nanoseconds: 2_000_000)
            }
        }
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
