import JSON
internal import Protocol
import Testing

@testable import BursarCommands

@Suite("Texts that commands read and print")
struct TextTests {
    @Test("CSV: quotes, doubled quotes, line ends in quotes, CRLF, a byte order mark, blank lines")
    func csv() throws {
        let text = "\u{FEFF}a, B\r\n1,\"x \"\"y\"\", z\"\r\n\r\n2,\"two\nlines\"\n3,"
        let csv = try CSV(Array(text.utf8))
        #expect(csv.columns == ["a", "b"])
        #expect(
            csv.records.map(\.fields) == [["1", "x \"y\", z"], ["2", "two\nlines"], ["3", ""]]
        )
        #expect(csv.records.map(\.line) == [2, 4, 6])
        #expect(csv.field("b", of: csv.records[0]) == "x \"y\", z")
        #expect(csv.field("c", of: csv.records[0]) == nil)
    }

    @Test(
        "CSV: a fault is named with its line",
        arguments: [
            ("", 1), ("a,b\n1", 2), ("a\n\"x", 2), ("a\n\"x\"y", 2), ("a\nx\"y", 2),
        ]
    )
    func csvFault(text: String, line: Int) {
        #expect(throws: CSV.Fault.self) { try CSV(Array(text.utf8)) }
        do {
            _ = try CSV(Array(text.utf8))
        } catch {
            #expect(error.line == line)
        }
    }

    @Test("Numbers keep their digits from the wire to the screen")
    func rawNumbers() throws {
        let node = try #require(
            JSONNode(Array(#"{"a":12345678901234567890.10,"b":[1e2,null]}"#.utf8))
        )
        #expect(node["a"] == .number("12345678901234567890.10"))
        #expect(node["b"] == .array([.number("1e2"), .null]))
        #expect(
            String(decoding: node.bytes, as: UTF8.self)
                == #"{"a":12345678901234567890.10,"b":[1e2,null]}"#
        )
    }

    @Test("What is not JSON is no node", arguments: ["", "{", "[1,]", "{\"a\":1,}", "1 2", "nul"])
    func notJSON(text: String) { #expect(JSONNode(Array(text.utf8)) == nil) }

    @Test(
        "Amounts show two places",
        arguments: [
            ("1198.0", "1198.00"), ("6599.94", "6599.94"), ("5", "5.00"), ("-5", "-5.00"),
            ("1e2", "1e2"), ("0.125", "0.125"),
        ]
    )
    func amounts(raw: String, shown: String) {
        #expect(JSONNode.number(raw).amountCell == shown)
    }

    @Test("I-06: a table aligns its columns and shows no control characters")
    func table() {
        var table = Table([("name", .left), ("amount", .right)])
        table.add(["a\u{1B}[31m", "1.00"])
        table.add(["longer name", "12345.00"])
        #expect(
            table.text == """
                NAME           AMOUNT
                a\u{FFFD}[31m           1.00
                longer name  12345.00
                """
        )
    }

    @Test(
        "The progress bar fills with what is done",
        arguments: [
            (0, 0, 0, 1, "░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 0/0"),
            (100_000, 50_000, 12, 1, "███████████████░░░░░░░░░░░░░░░ 50,000/100,000, 12 failed"),
            (2, 5, 0, 3, "██████████████████████████████ 2/2 (attempt 3)"),
        ]
    )
    func bar(total: Int, done: Int, failed: Int, attempt: Int, shown: String) {
        let progress = TaskProgress(total: total, done: done, failed: failed, attempt: attempt)
        #expect(ProgressBar.line("x", progress) == "x " + shown)
    }

    @Test("Queries are percent-encoded")
    func query() {
        #expect(EdgeSession.queryValue("a b&c=ü/~") == "a%20b%26c%3D%C3%BC%2F~")
    }
}
