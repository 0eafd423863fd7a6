import Foundation
import Identity
import NIOCore
import Protocol
import TestSupport
import Testing

@testable import Transport

@Suite("A client written from PROTOCOL.md alone")
struct PythonClientTests {
    private static let client = URL(filePath: #filePath)
        .deletingLastPathComponent()
        .deletingLastPathComponent()
        .appending(path: "Protocol/python_client.py")
        .path

    /// Runs a few lines of Python against a server; returns what they print.
    private func python(_ lines: String, _ harness: RPCHarness) async throws -> String {
        let files = try harness.authority.issue(.client("demo"))
        let folder = (Self.client as NSString).deletingLastPathComponent
        let script = """
            import sys
            sys.dont_write_bytecode = True
            sys.path.insert(0, "\(folder)")
            from python_client import *
            c = Connection("127.0.0.1", \(harness.port), "posting-service",
                           "\(files.certificate)", "\(files.key)",
                           "\(harness.authority.authorityPath)")
            \(lines)
            c.close()
            """
        return try await Self.run(["python3", "-c", script])
    }

    private static func run(_ arguments: [String]) async throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { _ in
                let data = output.fileHandleForReading.readDataToEndOfFile()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
            do {
                try process.run()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    @Test("It reads HELLO, calls methods by place and by name, and gets errors as errors")
    func smallCalls() async throws {
        let harness = try await RPCHarness(methods: [TestMethods.echoBinding])
        let printed = try await python(
            """
            print(c.hello["service"], c.places["test.echo"])
            print(c.call("bursar.health").json()["status"])
            print(c.call("test.echo", {"a": 1}).json())
            try:
                c.call("no.such")
            except RPCFault as fault:
                print(fault.status, fault.error["reason"])
            """,
            harness
        )
        #expect(
            printed == "posting-service 1\nserving\n{'a': 1}\n12 unknown_method\n"
        )
        try await harness.stop()
    }

    @Test("It sends and gets large bodies in pieces under credit")
    func largeBodies() async throws {
        let harness = try await RPCHarness(threads: 2, methods: [TestMethods.echoBinding])
        let printed = try await python(
            """
            for size in (65536, 65537, 524288, 5000000):
                body = bytes(i * 7 % 251 for i in range(1000)) * (size // 1000 + 1)
                body = body[:size]
                print(c.call("test.echo", body=body).body == body)
            """,
            harness
        )
        #expect(printed == "True\nTrue\nTrue\nTrue\n")
        try await harness.stop()
    }

    @Test("The examples of PROTOCOL.md are frames as the decoder reads them")
    func examples() throws {
        let page = URL(filePath: #filePath)
            .deletingLastPathComponent()
            .appending(path: "../../../Shared/Protocol/PROTOCOL.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        var bytes = ByteBuffer()
        for line in text.split(separator: "\n") {
            let columns = line.split(separator: "  ", maxSplits: 1)
            guard columns.count == 2, columns[0].count == 4, Int(columns[0], radix: 16) != nil
            else { continue }
            for byte in line.dropFirst(6).prefix(47).split(separator: " ") {
                bytes.writeInteger(try #require(UInt8(byte, radix: 16)))
            }
        }
        var decoder = FrameDecoder(maximumLength: 1 << 20)
        var kinds: [UInt8] = []
        while let event = try decoder.next(from: &bytes) {
            switch event {
            case .frame(let header, let document, let body):
                kinds.append(header.rawKind)
                if let document, header.kind == .request {
                    _ = try document.withUnsafeReadableBytes { try RequestDocument.read($0) }
                }
                if header.kind == .hello {
                    #expect(HelloFrame.read(body)?.isAcceptable == true)
                }
            case .piece(let header, _, _): kinds.append(header.rawKind)
            }
        }
        #expect(kinds == [1, 2, 3, 3, 2, 4, 7, 4, 6, 8, 10])
    }
}
