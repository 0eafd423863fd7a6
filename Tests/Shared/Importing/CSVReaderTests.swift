@testable import Importing
import Testing

@Suite("Strict CSV (RFC 4180)")
struct CSVReaderTests {
    private func read(_ text: String) -> (records: [CSVReader.Record], faults: [ImportFault]) {
        Array(text.utf8).withUnsafeBytes { CSVReader.read($0) }
    }

    @Test(
        "Fields come out as RFC 4180 has them",
        arguments: [
            ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
            ("a,b\nc,d", [["a", "b"], ["c", "d"]]),
            ("\"a,b\",\"c\"\"d\"\n", [["a,b", "c\"d"]]),
            (",\n", [["", ""]]),
            ("\"\",x\n", [["", "x"]]),
            (" a , b\n", [[" a ", " b"]]),
            ("\u{FEFF}a\n", [["a"]]),
            ("ü,€\n", [["ü", "€"]]),
            ("", []),
            ("a\n\nb\n", [["a"], [""], ["b"]]),
        ] as [(String, [[String]])]
    )
    func fields(text: String, expected: [[String]]) {
        let (records, faults) = read(text)
        #expect(records.map { $0.fields.map(\.text) } == expected)
        #expect(faults.isEmpty)
    }

    @Test(
        "I-06: what is not in the grammar is a fault with its line and column",
        arguments: [
            ("a,b\"c\n", "stray_quote", 1, 4),
            ("a\n\"b\"c,d\n", "text_after_quote", 2, 4),
            ("a\n\nx,\"b\n", "control_character", 3, 5),
            ("a,\"b", "open_quote", 1, 3),
            ("a\rb\n", "bare_cr", 1, 2),
            ("ü,\u{0}\n", "control_character", 1, 3),
            ("a,\u{7F}", "control_character", 1, 3),
        ]
    )
    func faults(text: String, code: String, line: Int, column: Int) {
        let (_, faults) = read(text)
        #expect(faults.map(\.code) == [code])
        #expect(faults.map(\.place) == [.text(line: line, column: column)])
    }

    @Test("One pass finds the faults of all lines, and keeps the lines without")
    func allFaults() {
        let (records, faults) = read("a\"\nb\n\"c\"d\ne\n")
        #expect(records.map { $0.fields.map(\.text) } == [["b"], ["e"]])
        #expect(faults.map(\.place) == [.text(line: 1, column: 2), .text(line: 3, column: 4)])
    }

    @Test("Bytes that are no UTF-8 are a fault of their field")
    func notUTF8() {
        let bytes: [UInt8] = [0x61, 0x2C, 0xC3, 0x28, 0x0A]
        let (_, faults) = bytes.withUnsafeBytes { CSVReader.read($0) }
        #expect(faults.map(\.code) == ["not_utf8"])
    }
}
