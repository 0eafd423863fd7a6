import PostingSets
import Testing

/// A field of a set or of a transaction, and a JSON value of a type that it does not take.
struct FieldCase: Sendable, CustomTestStringConvertible {
    var name: String
    var wrongType: String
    var isInTransaction: Bool

    var pointer: String { (isInTransaction ? "/transactions/0/" : "/") + name }
    var testDescription: String { pointer }

    func changed(_ change: (inout Members) -> Void) -> SetDocument {
        .with { document in
            if isInTransaction {
                change(&document.transactions[0])
            } else {
                change(&document.header)
            }
        }
    }

    static let all =
        [
            ("accounting_date", "1"), ("batch_name", "true"), ("billing_type", "5"),
            ("posting_type", "[]"), ("record_count", "\"2\""), ("source_batch_id", "12"),
            ("source_name", "{}"), ("total_amount", "\"7797.94\""),
        ]
        .map { FieldCase(name: $0.0, wrongType: $0.1, isInTransaction: false) }
        + [
            ("amount", "\"5\""), ("account_id", "true"), ("description", "7"),
            ("detail_code", "484"), ("source_transaction_id", "[1]"),
            ("source_transaction_date", "20170630"),
        ]
        .map { FieldCase(name: $0.0, wrongType: $0.1, isInTransaction: true) }
}

@Suite("Every field, absent and mistaken (contract S1-10, S1-11, D2)")
struct FieldFaultTests {
    @Test("A missing field is named", arguments: FieldCase.all)
    func missing(field: FieldCase) {
        let document = field.changed { $0[field.name] = nil }
        #expect(findings(document) == [Finding(field.pointer, .missing)])
    }

    @Test("null is no value", arguments: FieldCase.all)
    func null(field: FieldCase) {
        let document = field.changed { $0[field.name] = "null" }
        #expect(findings(document) == [Finding(field.pointer, .wrongType)])
        #expect(faults(of: document).first?.message.hasPrefix("\(field.name) is null;") == true)
    }

    @Test("A value of another type is refused", arguments: FieldCase.all)
    func mistyped(field: FieldCase) {
        let document = field.changed { $0[field.name] = field.wrongType }
        #expect(findings(document) == [Finding(field.pointer, .wrongType)])
    }

    @Test("A value that is no JSON is refused at its field", arguments: FieldCase.all)
    func malformed(field: FieldCase) {
        let document = field.changed { $0[field.name] = "NaN" }
        #expect(findings(document) == [Finding(field.pointer, .malformed)])
    }

    @Test("I-01: a field given twice is refused, plain or escaped", arguments: FieldCase.all)
    func duplicated(field: FieldCase) {
        let scalar = field.name.unicodeScalars.first.map { String($0.value, radix: 16) } ?? ""
        let escaped = "\\u00\(scalar)\(field.name.dropFirst())"
        for name in [field.name, escaped] {
            let document = field.changed { members in
                let value = members[field.name] ?? ""
                members.pairs.append((name: name, value: value))
            }
            #expect(findings(document) == [Finding(field.pointer, .duplicateKey)])
        }
    }

    @Test("I-01: a name in other letters is another, unknown field", arguments: FieldCase.all)
    func otherCase(field: FieldCase) {
        let name = field.name.uppercased()
        let document = field.changed { $0[name] = $0[field.name] }
        let pointer = field.pointer.replacing(field.name, with: name)
        #expect(findings(document) == [Finding(pointer, .unknownField)])
    }

    @Test("An escaped name is the same field", arguments: FieldCase.all)
    func escapedName(field: FieldCase) throws {
        let escaped = field.name.replacing("_", with: "\\u005F").replacing("a", with: "\\u0061")
        let document = field.changed { members in
            members.pairs = members.pairs.map { $0.name == field.name ? (escaped, $0.value) : $0 }
        }
        try set(document) { #expect($0.count == 1) }
    }

    @Test(
        "A-09: a field that a set has not is refused by name",
        arguments: ["status", "approvedBy", "postedAt", "tenant", "batch_id", "a/b~c", ""]
    )
    func unknown(name: String) {
        let step = name.replacing("~", with: "~0").replacing("/", with: "~1")
        for (isInTransaction, prefix) in [(false, "/"), (true, "/transactions/0/")] {
            let field = FieldCase(name: name, wrongType: "", isInTransaction: isInTransaction)
            let document = field.changed { $0[name] = "{\"a\": [1, {\"b\": null}]}" }
            #expect(findings(document) == [Finding(prefix + step, .unknownField)])
        }
    }

    @Test("transactions must be an array of objects with at least one")
    func transactions() {
        let whole = SetDocument().text
        let array = SetDocument.transaction.text(.compact)
        func with(_ value: String) -> [Finding] {
            findings(whole.replacing("[\(array)]", with: value))
        }
        for value in ["{}", "null", "\"\"", "1", "true"] {
            #expect(with(value) == [Finding("/transactions", .wrongType)])
        }
        #expect(with("[]") == [Finding("/transactions", .empty)])
        #expect(with("[ ]") == [Finding("/transactions", .empty)])
        let mixed = with("[1, \(array), [], null, \"x\"]")
        #expect(mixed == [0, 2, 3, 4].map { Finding("/transactions/\($0)", .wrongType) })
        #expect(with("[{}]").count == 6)
        #expect(
            findings(whole.replacing("\"transactions\"", with: "\"transaction\""))
                == [Finding("/transaction", .unknownField), Finding("/transactions", .missing)]
        )
    }

    @Test(
        "A document that is no object is refused",
        arguments: ["[]", "1", "\"x\"", "null", "true"]
    )
    func notAnObject(text: String) {
        #expect(findings(text) == [Finding("", .wrongType)])
    }

    @Test("I-07: a set of no transactions is refused")
    func noTransactions() {
        let document = SetDocument.with { $0.transactions = [] }
        #expect(findings(document) == [Finding("/transactions", .empty)])
    }

    @Test("Only the billing and posting types that exist are taken (contract S1-6, S1-7)")
    func enums() throws {
        for value in ["banner", "Banner", " BANNER", "", "OTHER"] {
            let found = findings(.header("billing_type", "\"\(value)\""))
            #expect(found == [Finding("/billing_type", .unknownValue)])
        }
        for value in ["trial", "Commit", "", "TRIAL ", "BOTH"] {
            let found = findings(.header("posting_type", "\"\(value)\""))
            #expect(found == [Finding("/posting_type", .unknownValue)])
        }
        try set(.header("posting_type", "\"COMMIT\"")) {
            #expect($0.header.postingType == .commit)
        }
        try set(.header("posting_type", "\"\\u0043OMMIT\"")) {
            #expect($0.header.postingType == .commit)
        }
    }

    @Test(
        "record_count is an integer token of 0 or more",
        arguments: [
            ("2.0", SetFaultCode.notAnInteger), ("2.5", .notAnInteger), ("1e2", .notAnInteger),
            ("-1", .negative), ("9223372036854775808", .outOfRange), ("01", .malformed),
            ("99999999999999999999999999", .outOfRange),
        ]
    )
    func recordCount(value: String, code: SetFaultCode) {
        #expect(findings(.header("record_count", value)) == [Finding("/record_count", code)])
    }

    @Test("record_count is kept as given, whether it is right or not (contract A1-3)")
    func recordCountKept() throws {
        for (value, count) in [("0", 0), ("-0", 0), ("7", 7), ("9223372036854775807", Int64.max)] {
            try set(.header("record_count", value)) { #expect($0.header.recordCount == count) }
        }
    }
}
