import Foundation
import Logging
import NIOConcurrencyHelpers
import ServiceRuntime
import Testing

@Suite("The log is one JSON object a line, without secrets")
struct LogTests {
    /// Logs through the handler and reads the line back.
    private func line(
        _ message: Logger.Message,
        _ metadata: Logger.Metadata = [:]
    ) throws -> (text: String, object: [String: Any]) {
        let written = NIOLockedValueBox<[UInt8]>([])
        var logger = Logger(label: "test") { label in
            JSONLogHandler(label: label, level: .trace) { line in
                written.withLockedValue { $0 += line }
            }
        }
        logger[metadataKey: "request_id"] = "r-1"
        logger.info(message, metadata: metadata)
        let bytes = written.withLockedValue { $0 }
        let text = String(decoding: bytes, as: UTF8.self)
        let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        return (text, try #require(object))
    }

    @Test("A line carries time, level, logger, message and metadata")
    func shape() throws {
        let object = try line("hello", ["port": .stringConvertible(7_401), "list": ["a", "b"]])
            .object
        #expect(object["level"] as? String == "info")
        #expect(object["logger"] as? String == "test")
        #expect(object["message"] as? String == "hello")
        #expect(object["request_id"] as? String == "r-1")
        #expect(object["port"] as? Int == 7_401)
        #expect(object["list"] as? [String] == ["a", "b"])
        #expect(Timestamps.parse(object["ts"] as? String ?? "") != nil)
    }

    @Test(
        "I-06: whatever stands in a value, a line stays one line and nobody forges a field",
        arguments: [
            "a\nb", "a\r\n{\"level\":\"info\"}", "\",\"level\":\"critical", "a\u{2028}b\u{2029}c",
            "\u{0}\u{1}\u{1B}[31mred\u{7F}\u{85}", "\\", "\u{202E}evil\u{2066}", "💶é",
            "'; DROP TABLE audit_event; --", "=cmd|'/c calc'!A1",
        ]
    )
    func injection(_ value: String) throws {
        let (text, object) = try line("\(value)", ["field": "\(value)", "level": "\(value)"])
        #expect(text.unicodeScalars.filter { $0 == "\n" }.count == 1)
        #expect(text.hasSuffix("}\n"))
        #expect(object["message"] as? String == value)
        #expect(object["field"] as? String == value)
        #expect(object["level"] as? String == "info")
        #expect(object["_level"] as? String == value)
        let forbidden = text.dropLast().unicodeScalars.filter { scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || (0x2028...0x202E).contains(scalar.value)
        }
        #expect(forbidden.isEmpty)
    }

    @Test("I-09: secrets are taken out by the name of their field")
    func secretFields() throws {
        let names = [
            "token", "jwt", "api_key", "Authorization", "secret", "account_no", "accountNumber",
            "routing_number", "private-key", "password",
        ]
        for name in names {
            let (text, _) = try line(
                "call",
                ["\(name)": "canary-7391", "outer": ["\(name)": "canary-7391"]]
            )
            #expect(!text.contains("canary-7391"), "\(name) was logged")
        }
        #expect(try line("call", ["key_id": "abc"]).object["key_id"] as? String == "abc")
    }

    @Test("I-09: secrets are taken out by their look, in messages and values")
    func secretValues() throws {
        let key = "brs_0011223344556677_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"
        let token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
        let (text, object) = try line("got \(key), then \(token).", ["note": "\(token) \(key)!"])
        #expect(!text.contains("c2VjcmV0") && !text.contains("eyJhbGci"))
        #expect(object["message"] as? String == "got [redacted], then [redacted]")
        #expect(object["note"] as? String == "[redacted] [redacted]!")
    }

    @Test("A value of a megabyte is cut")
    func longValue() throws {
        let text = try line("x", ["field": "\(String(repeating: "é", count: 1 << 20))"]).text
        #expect(text.utf8.count < 4_096)
    }
}
