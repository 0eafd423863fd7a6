import PostingSets
import Testing

@Suite("Documents that are no JSON, and many faults at once")
struct BrokenDocumentTests {
    @Test(
        "The place of the first fault is told by byte, line and column",
        arguments: [
            ("", 0, 1, 1), ("{", 1, 1, 2), ("{\n  \"a\": 1,\n}", 12, 3, 1), ("{} x", 3, 1, 4),
            ("{}{}", 2, 1, 3), ("{\"a\" 1}", 5, 1, 6), ("{\"a\":}", 5, 1, 6), ("{'a':1}", 1, 1, 2),
            ("{\"a\":tru}", 5, 1, 6), ("{\"a\":\"b\"def\"\"}", 8, 1, 9), ("{\"a\":01}", 6, 1, 7),
            ("nul", 0, 1, 1), ("{\"a\":1 // no\n}", 7, 1, 8), ("{\"a\":\"\n\"}", 6, 1, 7),
            ("{\"a\":\"x", 7, 1, 8), ("[1 2]", 3, 1, 4), ("{\"a\":[1}", 7, 1, 8),
            ("\u{C}{}", 0, 1, 1),
            ("{\"a\":1,,\"b\":2}", 7, 1, 8), ("{\"a\"\u{1A}1}", 4, 1, 5),
        ]
    )
    func places(text: String, offset: Int, line: Int, column: Int) throws {
        let found = faults(of: text)
        #expect(found.map(Finding.init) == [Finding("", .malformed)])
        let place = "byte \(offset) (line \(line), column \(column))"
        #expect(try #require(found.first).message.contains(place), "\(found)")
    }

    @Test("I-04: a byte order mark and UTF-16 are refused")
    func encodings() {
        let text = SetDocument().text
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let wide = Array(text.utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        for bytes in [mark + Array(text.utf8), wide, [0xFF, 0xFE] + wide] {
            read(bytes) { outcome in
                guard case .faults(let faults) = outcome else {
                    Issue.record("accepted")
                    return
                }
                #expect(faults.map(Finding.init) == [Finding("", .malformed)])
            }
        }
    }

    @Test("What is stepped over must be JSON too")
    func insideUnknownFields() {
        for value in ["[1, tru]", "{\"a\": 01}", "[1}", "\"\\x\"", "{\"a\" \"b\"}", "[,]", "1e"] {
            let found = findings(.header("extra", value))
            #expect(found == [Finding("", .malformed)], "\(value)")
        }
    }

    @Test("Depth is bounded, however deep a document is")
    func depth() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(findings(.header("extra", nested(63))) == [Finding("/extra", .unknownField)])
        #expect(findings(.header("extra", nested(64))) == [Finding("", .tooDeep)])
        #expect(findings(.header("extra", nested(100_000))) == [Finding("", .tooDeep)])
        #expect(findings(String(repeating: "[", count: 1_000_000)) == [Finding("", .tooDeep)])
    }

    @Test("More bytes than can be counted in 32 bits are refused unread")
    func tooLarge() {
        withUnsafeBytes(of: 0) { memory in
            let document = UnsafeRawBufferPointer(start: memory.baseAddress, count: 1 << 32)
            let outcome = PostingSetReader().read(document, capacity: document.count)
            guard case .faults(let faults) = outcome else {
                Issue.record("accepted")
                return
            }
            #expect(faults.map(Finding.init) == [Finding("", .tooLarge)])
        }
    }

    @Test("All faults are reported at once, in the order of the document")
    func allAtOnce() {
        let document = SetDocument.with { document in
            document.header["billing_type"] = "\"OTHER\""
            document.header["record_count"] = "1.5"
            document.header["source_name"] = nil
            document.header["extra"] = "1"
            document.transactions.append(SetDocument.transaction)
            document.transactions[0]["amount"] = "1.999"
            document.transactions[0]["detail_code"] = "\"\""
            document.transactions[1]["account_id"] = "null"
            document.transactions[1]["source_transaction_date"] = nil
        }
        #expect(
            findings(document) == [
                Finding("/billing_type", .unknownValue),
                Finding("/record_count", .notAnInteger),
                Finding("/extra", .unknownField),
                Finding("/transactions/0/amount", .tooManyDecimals),
                Finding("/transactions/0/detail_code", .empty),
                Finding("/transactions/1/account_id", .wrongType),
                Finding("/transactions/1/source_transaction_date", .missing),
                Finding("/source_name", .missing),
            ]
        )
    }

    @Test("Of more than a hundred faults the rest is counted")
    func moreFaults() {
        func document(_ count: Int) -> SetDocument {
            .with { document in
                var transaction = SetDocument.transaction
                transaction["amount"] = "true"
                document.transactions = Array(repeating: transaction, count: count)
            }
        }
        #expect(findings(document(100)).count == 100)
        #expect(!findings(document(100)).contains(Finding("", .moreFaults)))
        let found = faults(of: document(1_234))
        #expect(found.count == 101)
        #expect(found.last.map(Finding.init) == Finding("", .moreFaults))
        #expect(found.last?.message.contains("1134") == true)
    }

    @Test("A message is short and has no character that changes how it is shown")
    func messages() {
        let long = String(repeating: "é", count: 5_000)
        let documents = [
            SetDocument.field("detail_code", "\"\(long)\""),
            .field("amount", "\"\(long)\""),
            .header("\(long)", "1"),
            .header("a\\nb\u{202E}", "1"),
            .header("posting_type", "\"a\u{202E}\\n\""),
            .field("amount", "[\n\n1]"),
        ]
        for document in documents {
            for fault in faults(of: document) {
                #expect(fault.message.utf8.count < 400)
                #expect(fault.pointer.utf8.count < 200)
                let shown = (fault.message + fault.pointer).unicodeScalars
                #expect(!shown.contains { $0.value < 0x20 || (0x202A...0x202E).contains($0.value) })
            }
        }
        let message = faults(of: .field("amount", "1.999")).first?.message
        #expect(message?.contains("amount is 1.999") == true)
        #expect(message?.contains("two decimals") == true)
    }
}
