import PostingSets
import Testing

@Suite("Texts")
struct TextFaultTests {
    static let fields = FieldCase.all.filter {
        [
            "batch_name", "source_batch_id", "source_name", "account_id", "description",
            "detail_code", "source_transaction_id",
        ]
        .contains($0.name)
    }

    @Test("I-04: NUL and other control characters are refused at their field", arguments: fields)
    func controlCharacters(field: FieldCase) {
        for text in [
            "\\u0000", "A\\u0001", "\\n", "A\\tB", "\\u001f", "\u{7F}", "\u{85}", "\\u009F",
        ] {
            let document = field.changed { $0[field.name] = "\"\(text)\"" }
            #expect(findings(document) == [Finding(field.pointer, .controlCharacter)], "\(text)")
        }
    }

    @Test("I-04: characters that turn the direction of text are refused", arguments: fields)
    func bidirectionalControls(field: FieldCase) {
        for text in ["\u{202A}", "A\u{202E}B", "\\u202e", "\u{2066}", "\u{2069}A", "\\u2067"] {
            let document = field.changed { $0[field.name] = "\"\(text)\"" }
            #expect(
                findings(document) == [Finding(field.pointer, .bidirectionalControl)],
                "\(text)"
            )
        }
    }

    @Test("I-04: half a surrogate pair is refused at its field", arguments: fields)
    func loneSurrogates(field: FieldCase) {
        for text in [
            "\\ud800", "\\uDFFF", "A\\ud83d", "\\ud83dA", "\\ud83d\\ud83d", "\\ude00\\ud83d",
        ] {
            let document = field.changed { $0[field.name] = "\"\(text)\"" }
            #expect(findings(document) == [Finding(field.pointer, .loneSurrogate)], "\(text)")
        }
    }

    @Test("An escape that JSON has not is refused at its field", arguments: fields)
    func badEscapes(field: FieldCase) {
        for text in ["\\x41", "\\u12G4", "\\u12", "\\'", "A\\ "] {
            let document = field.changed { $0[field.name] = "\"\(text)\"" }
            #expect(findings(document) == [Finding(field.pointer, .malformed)], "\(text)")
        }
    }

    @Test(
        "I-04: overlong and cut UTF-8 break the document at their byte",
        arguments: [
            [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x80], [0xC3], [0xE2, 0x82],
            [0xFF],
        ]
            as [[UInt8]]
    )
    func invalidUTF8(bytes: [UInt8]) throws {
        let text = SetDocument.field("description", "\"@\"").text
        let place = try #require(text.utf8.firstIndex(of: UInt8(ascii: "@")))
        let offset = text.utf8.distance(from: text.startIndex, to: place)
        var document = Array(text.utf8)
        document.replaceSubrange(offset...offset, with: bytes)
        read(document) { outcome in
            guard case .faults(let faults) = outcome else {
                Issue.record("accepted")
                return
            }
            #expect(faults.map(Finding.init) == [Finding("", .malformed)])
            #expect(faults[0].message.contains("byte \(offset) "))
            #expect(faults[0].message.contains("not UTF-8"))
        }
    }

    @Test("I-04: texts that only look alike stay apart, and every other character stays")
    func kept() throws {
        for text in ["é", "e\u{301}", "😀", "שלום", "\u{200F}", "\u{FEFF}", "Å", "\u{212B}", "日本"] {
            try set(.field("source_transaction_id", "\"\(text)\"")) { set in
                #expect(set.sourceTransactionIDs[0].raw.elementsEqual(text.utf8))
            }
        }
        try set(.field("description", #""\u00e9\ud83d\ude00\"\\\/""#)) { set in
            #expect(set.descriptions[0].string == "é😀\"\\/")
        }
    }

    @Test(
        "I-06: injections are data in every text",
        arguments: [
            "'; DROP TABLE entry; --", "${jndi:ldap://x}", "=cmd|' /C calc'!A0",
            "%0d%0aSet-Cookie: a",
            "<script>alert(1)</script>", "../../etc/passwd", "{{7*7}}", "a,\"b\"",
        ]
    )
    func injections(text: String) throws {
        let json = "\"\(text.replacing("\"", with: "\\\""))\""
        try set(.field("description", json)) { #expect($0.descriptions[0].string == text) }
        try set(.header("batch_name", json)) { #expect($0.header.batchName == text) }
        let message = faults(of: .field("detail_code", json)).first?.message ?? "taken"
        #expect(!message.contains("\n"))
    }

    @Test(
        "Texts are as long as their limits and no longer",
        arguments: [
            ("batch_name", 0, 200), ("source_batch_id", 0, 200), ("source_name", 0, 100),
            ("account_id", 1, 64), ("description", 0, 1_000), ("detail_code", 1, 16),
            ("source_transaction_id", 1, 128),
        ]
    )
    func limits(name: String, shortest: Int, longest: Int) throws {
        let field = try #require(FieldCase.all.first { $0.name == name })
        func found(_ text: String) -> [Finding] {
            findings(field.changed { $0[name] = "\"\(text)\"" })
        }
        #expect(found(String(repeating: "X", count: longest)) == [])
        #expect(found(String(repeating: "X", count: shortest)) == [])
        #expect(
            found(String(repeating: "X", count: longest + 1)) == [Finding(field.pointer, .tooLong)]
        )
        // Bytes count, not characters, and an escape counts as what it means.
        #expect(found(String(repeating: "é", count: longest / 2)) == [])
        #expect(
            found(String(repeating: "é", count: longest / 2 + 1)) == [
                Finding(field.pointer, .tooLong)
            ]
        )
        #expect(found(String(repeating: "\\u0058", count: longest)) == [])
        if shortest > 0 { #expect(found("") == [Finding(field.pointer, .empty)]) }
    }

    @Test(
        "An account id is canonical text, whatever it was sent as (contract A1-4)",
        arguments: [
            ("\"99999\"", "99999"), ("99999", "99999"), ("0", "0"), ("-0", "0"), ("-5", "-5"),
            ("\"33970n\"", "33970N"), ("\"  33970n \"", "33970N"), ("\"007\"", "007"),
            ("\"\\u0061b\"", "AB"), ("\"Ärger\"", "ÄRGER"), ("\"ärger\"", "äRGER"),
            ("\"a b\"", "A B"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
        ]
    )
    func accountIDs(value: String, canonical: String) throws {
        try set(.field("account_id", value)) {
            #expect($0.accountIDs[0].string == canonical)
        }
    }

    @Test(
        "What is no account id is refused (contract A1-4)",
        arguments: [
            ("1.0", SetFaultCode.notAnInteger), ("1.5", .notAnInteger), ("1e2", .notAnInteger),
            ("true", .wrongType), ("null", .wrongType), ("[]", .wrongType), ("\"\"", .empty),
            ("\"   \"", .empty), ("007", .malformed), ("0x1", .malformed),
        ]
    )
    func badAccountIDs(value: String, code: SetFaultCode) {
        let pointer = "/transactions/0/account_id"
        #expect(findings(.field("account_id", value)) == [Finding(pointer, code)])
    }

    @Test("An account number of more than 64 digits is refused")
    func longAccountNumber() {
        let pointer = "/transactions/0/account_id"
        for count in [65, 1_001] {
            let digits = String(repeating: "1", count: count)
            #expect(findings(.field("account_id", digits)) == [Finding(pointer, .tooLong)])
        }
    }
}
