import Dates
import JSON
import Money
import Testing

@Suite("Writing JSON")
struct JSONWriterTests {
    private func text(_ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        write(&json)
        return json.text
    }

    /// What a strict reader finds in a text; nil where it is faulty.
    private func read(_ text: String) -> JSONNode? {
        let bytes = Array(text.utf8)
        guard bytes.withUnsafeBytes({ JSONText.fault(in: $0) }) == nil else { return nil }
        return JSONNode(bytes)
    }

    @Test(
        "Strings come back as they went in, with no escape more than is needed",
        arguments: [
            ("", #""""#), ("plain", #""plain""#), ("a/b", #""a/b""#), ("\"\\", #""\"\\""#),
            ("\u{0}\u{1F}\n", #""\u0000\u001f\u000a""#), ("é€😀", #""é€😀""#),
            ("\u{7F}\u{2028}", "\"\u{7F}\u{2028}\""),
        ]
    )
    func strings(value: String, written: String) {
        #expect(text { $0.value(value) } == written)
        #expect(read(written) == .string(value))
        let member = text { json in json.object { $0.member(named: value, value) } }
        #expect(member == "{\(written):\(written)}")
        #expect(read(member)?[value] == .string(value))
    }

    @Test("Every one of the first 256 characters comes back, as name and as value")
    func characters() {
        for number in 0..<256 {
            let value = "a\(Character(Unicode.Scalar(UInt8(number))))b"
            let written = text { json in json.object { $0.member(named: value, value) } }
            #expect(read(written) == .object([.init(key: value, value: .string(value))]))
        }
    }

    @Test(
        "Integers are written to the last digit",
        arguments: [
            0, 1, -1, 9, 10, -10, 99, 100, 1_000_000_007, Int64(Int32.min), .max, .min,
        ] as [Int64]
    )
    func integers(number: Int64) {
        #expect(text { $0.value(number) } == String(number))
        #expect(read(text { $0.value(number) }) == .number(String(number)))
    }

    @Test("Commas stand between values and nowhere else, however deep")
    func nesting() {
        let written = text { json in
            json.object { json in
                json.array("none") { _ in }
                json.object("empty") { _ in }
                json.array("list") { json in
                    json.value(1)
                    json.array { $0.array { $0.value(true) } }
                    json.object { $0.member("a", false) }
                    json.value("x")
                }
                json.key("last")
                json.object { json in
                    json.member("p", 1)
                    json.member("q", 2)
                }
            }
        }
        #expect(
            written
                == #"{"none":[],"empty":{},"list":[1,[[true]],{"a":false},"x"],"#
                + #""last":{"p":1,"q":2}}"#
        )
        #expect(read(written) != nil)
    }

    @Test("What is absent is null, or left out where the member is optional")
    func absent() {
        let written = text { json in
            json.object { json in
                json.member("text", String?.none)
                json.member("number", Int64?.none)
                json.member("amount", amount: nil)
                json.member("day", day: nil)
                json.member("moment", moment: nil)
                json.member("json", json: nil)
                json.optional("gone", String?.none)
                json.optional("gone", Int64?.none)
                json.optional("kept", "")
                json.optional("zero", 0)
            }
        }
        #expect(
            written
                == #"{"text":null,"number":null,"amount":null,"day":null,"moment":null,"#
                + #""json":null,"kept":"","zero":0}"#
        )
    }

    @Test("Amounts are decimals, days and moments texts")
    func terms() {
        let written = text { json in
            json.object { json in
                json.member("amount", amount: Amount(minorUnits: -119_800))
                json.member("least", amount: Amount(minorUnits: .min))
                json.member("day", day: CalendarDay(daysSince1970: 11_016))
                json.member("moment", moment: 1_517_457_600_123)
                json.member("json", json: Array(#"{"a":[1.50]}"#.utf8))
            }
        }
        #expect(
            written
                == #"{"amount":-1198.0,"least":-92233720368547758.08,"day":"2000-02-29","#
                + #""moment":"2018-02-01T04:00:00.123Z","json":{"a":[1.50]}}"#
        )
        #expect(read(written)?["json"]?["a"] == .array([.number("1.50")]))
    }

    @Test("A value appended to bytes leaves those before it as they are")
    func appending() {
        var out = Array("data: ".utf8)
        JSONWriter.append(to: &out) { json in json.object { $0.member("n", 7) } }
        JSONWriter.append(to: &out) { $0.value("next") }
        #expect(String(decoding: out, as: UTF8.self) == #"data: {"n":7}"next""#)
    }

    @Test(
        "A tree is written as it was read",
        arguments: [
            "null", "[]", "{}", #"{"b":[1.50,-0,1e-7,true,null,""],"a":{"\"":"é"}}"#,
        ]
    )
    func tree(written: String) {
        #expect(read(written).map { String(decoding: $0.bytes, as: UTF8.self) } == written)
    }

    @Test("An object of nodes leaves out what has no value")
    func members() {
        let node = JSONNode(members: [("a", .number("1")), ("b", nil), ("c", .null)])
        #expect(String(decoding: node.bytes, as: UTF8.self) == #"{"a":1,"c":null}"#)
    }
}
