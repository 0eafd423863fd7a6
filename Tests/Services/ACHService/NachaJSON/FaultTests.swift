import Nacha
import NachaJSON
import Testing

@Suite("Faults of a document are told all at once, each with its place")
struct FaultTests {
    /// The document of one CCD entry with an addenda.
    private func document() throws -> String {
        let options = SampleOptions(.ccd, entriesPerBatch: 1, addenda: .all)
        let file = try SampleFile.make(options, seed: 2)
        return String(decoding: file.json(isMasked: false), as: UTF8.self)
    }

    @Test("What is not JSON is told alone", arguments: ["", "{", "[1,]", "{} {}", "{\"a\":\u{7}}"])
    func malformed(text: String) {
        #expect(Documents.faults(text).map(\.code) == [.malformed])
    }

    @Test("A document that is no object", arguments: ["[]", "1", "\"x\"", "null"])
    func noObject(text: String) {
        #expect(Documents.faults(text).map(\.code) == [.wrongType])
    }

    @Test("An empty object lacks every member")
    func empty() {
        let faults = Documents.faults("{}")
        #expect(
            faults.map(\.pointer) == [
                "/format", "/file_header", "/batches", "/file_control", "/form", "/odd_lines",
            ]
        )
        #expect(faults.allSatisfy { $0.code == .missing })
    }

    /// A change to a document and the fault that it makes.
    struct Case: Sendable {
        var part: String
        var other: String
        var code: DocumentFault.Code
        var pointer: String
    }

    static let entry = "/batches/0/entries/0"

    @Test(
        "One fault, told with pointer and remedy",
        arguments: [
            Case(
                part: "\"batches\"",
                other: "\"extra\":1,\"batches\"",
                code: .unknownMember,
                pointer: "/extra"
            ),
            Case(
                part: "\"bursar-ach/1\"",
                other: "\"bursar-ach/2\"",
                code: .wrongForm,
                pointer: "/format"
            ),
            Case(
                part: "\"filler\":",
                other: "\"filler\":-1,\"f~/x\":",
                code: .wrongType,
                pointer: "/form/filler"
            ),
            Case(
                part: "\"line_end\":\"\\n\"",
                other: "\"line_end\":\"\\n\\n\"",
                code: .wrongForm,
                pointer: "/form/line_end"
            ),
            Case(
                part: "\"reference_code\":",
                other: "\"reference_code\":\"123456789\",\"x\":",
                code: .tooLong,
                pointer: "/file_header/reference_code"
            ),
            Case(
                part: "\"immediate_origin_name\":\"",
                other: "\"immediate_origin_name\":\"\u{C9}",
                code: .notPrintable,
                pointer: "/file_header/immediate_origin_name"
            ),
            Case(
                part: "\"batch_number\":1",
                other: "\"batch_number\":12345678",
                code: .numberTooLarge,
                pointer: "/batches/0/header/batch_number"
            ),
            Case(
                part: "\"batch_number\":1",
                other: "\"batch_number\":\"1\"",
                code: .wrongType,
                pointer: "/batches/0/header/batch_number"
            ),
            Case(
                part: "\"amount_minor_units\":",
                other: "\"amount_minor_units\":1.5,\"x\":",
                code: .wrongType,
                pointer: entry + "/amount_minor_units"
            ),
            Case(
                part: "\"check_digit\":",
                other: "\"check_digit\":\"AB\",\"x\":",
                code: .tooLong,
                pointer: entry + "/check_digit"
            ),
            Case(
                part: "\"check_digit\":",
                other: "\"check_digit\":\"A\",\"x\":",
                code: .wrongForm,
                pointer: entry + "/check_digit"
            ),
            Case(
                part: "\"transaction_code\":",
                other: "\"transaction_code\":\"22\",\"transaction_code\":",
                code: .duplicateKey,
                pointer: entry + "/transaction_code"
            ),
            Case(
                part: "\"transaction_code\":",
                other: "\"kind\":\"iat_entry\",\"transaction_code\":",
                code: .wrongKind,
                pointer: entry + "/kind"
            ),
            Case(
                part: "\"transaction_code\":",
                other: "\"routing_number\":\"1\",\"transaction_code\":",
                code: .unknownMember,
                pointer: entry + "/routing_number"
            ),
            Case(
                part: "\"transaction_code\":",
                other: "\"record\":\"6\",\"transaction_code\":",
                code: .wrongForm,
                pointer: entry + "/record"
            ),
            Case(
                part: "\"type\":\"05\"",
                other: "\"type\":\"06\"",
                code: .wrongKind,
                pointer: entry + "/addenda/0/type"
            ),
            Case(
                part: "\"type\":\"05\",",
                other: "",
                code: .missing,
                pointer: entry + "/addenda/0/type"
            ),
            Case(
                part: "\"addenda_sequence_number\":1,",
                other: "",
                code: .missing,
                pointer: entry + "/addenda/0/addenda_sequence_number"
            ),
            Case(
                part: "\"odd_lines\":[",
                other: "\"odd_lines\":[{\"line\":1}",
                code: .missing,
                pointer: "/odd_lines/0/text"
            ),
        ]
    )
    func oneFault(change: Case) throws {
        let faults = Documents.faults(try document().changing(change.part, to: change.other))
        let fault = try #require(
            faults.first { $0.pointer == change.pointer && $0.code == change.code },
            "\(faults)"
        )
        #expect(!fault.remedy.isEmpty && !fault.message.isEmpty)
    }

    @Test("Several faults come together, in the order of the document's members")
    func severalFaults() throws {
        let text = try document()
            .changing("\"batch_number\":1", to: "\"batch_number\":true")
            .changing("\"file_id_modifier\":\"A\",", to: "")
            .changing("\"amount_minor_units\":", to: "\"amount_minor_units\":12345678901,\"y\":")
        #expect(
            Documents.faults(text).map(\.pointer) == [
                "/file_header/file_id_modifier", "/batches/0/header/batch_number",
                Self.entry + "/y", Self.entry + "/amount_minor_units",
            ]
        )
    }

    @Test("A field that says something else than the record beside it")
    func disagreement() throws {
        var file = try SampleFile.make(SampleOptions(.ppd, entriesPerBatch: 1), seed: 2)
        file.batches[0].entries[0].record.write("X", 12, 12)
        let text = String(decoding: file.json(isMasked: false), as: UTF8.self)
        #expect(Documents.faults(text).isEmpty)
        let faults = Documents.faults(
            text.changing("\"transaction_code\":\"", to: "\"transaction_code\":\"9")
        )
        #expect(faults.map(\.code) == [.disagrees])
        #expect(faults.map(\.pointer) == [Self.entry + "/transaction_code"])
    }

    @Test("A record that was changed beside its odd line")
    func oddLine() throws {
        let bytes = Array(try Documents.sample().changing("\n6", to: " \n6").utf8)
        let text = String(decoding: Documents.streamed(bytes).json, as: UTF8.self)
        let faults = Documents.faults(
            text.changing("\"company_name\":\"", to: "\"company_name\":\"X")
        )
        #expect(faults.map(\.code) == [.disagrees])
        #expect(faults.map(\.pointer) == ["/odd_lines/0/text"])
    }

    @Test("Of very many faults the first thousand are kept and the rest counted")
    func manyFaults() {
        let batches = Array(repeating: "1", count: 1_500).joined(separator: ",")
        let text = "{\"format\":\"bursar-ach/1\",\"batches\":[\(batches)]}"
        let error = #expect(throws: DocumentFaults.self) {
            try NachaFile(json: Array(text.utf8))
        }
        #expect(error?.faults.count == 1_000)
        #expect(error?.dropped == 504)
    }

    @Test("Keys and values may be escaped, and members may come in any order")
    func escapesAndOrder() throws {
        let text = try document()
        let escaped = text.changing("\"transaction_code\"", to: "\"transaction\\u005Fcode\"")
            .changing("\"batches\"", to: "\"b\\u0061tches\"")
        #expect(Documents.faults(escaped).isEmpty)
        let reordered = text.changing("\"masked\":false,", to: "")
            .changing("\"odd_lines\":[]", to: "\"odd_lines\":[],\"masked\":false")
        #expect(Documents.faults(reordered).isEmpty)
    }
}
