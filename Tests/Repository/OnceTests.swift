import Testing

@Suite("What services share is said once")
struct OnceTests {
    /// Writers into raw memory, which say in their comments why they are not `JSONWriter`.
    private static let memoryWriters = [
        "Shared/PostingSets/PostingSetResultWriter.swift", "Services/ACHService/NachaJSON/Writing/",
    ]

    @Test("JSON is written by Shared/JSON, never typed: only a whole text that never varies may be")
    func handTypedJSON() throws {
        for file in try Repository.swift("Shared", "Services")
        where !file.path.hasPrefix("Shared/JSON/")
            && !Self.memoryWriters.contains(where: { file.path.hasPrefix($0) })
        {
            var isInside = false
            for (number, line) in file.lines.enumerated() {
                let code = line.drop { $0 == " " }
                if code.hasPrefix("//") { continue }
                let isTyped = isInside ? Self.fillsMember(code) : Self.typesMember(code)
                #expect(!isTyped, "\(file.path):\(number + 1)")
                if code.ranges(of: "\"\"\"").count % 2 == 1 { isInside.toggle() }
            }
        }
    }

    @Test(
        "A fragment of JSON is recognised",
        arguments: [
            (#"let a = "{\"set\":\(id)}""#, true), (##"let a = #"{"note":"# + b"##, true),
            (##"let a = #"{"kid":"\#(id)"}"#"##, true), (##"Array(#"{"events":["#.utf8)"##, true),
            (##"let a = #"{"status":"alive"}"#"##, false), (#"log(["error": "\(error)"])"#, false),
            (#"help: "{\"base\": \"strict\"}""#, false), (#"hint: "build with \"b\":1.""#, false),
        ]
    )
    func fragments(code: String, isTyped: Bool) {
        #expect(Self.typesMember(code[...]) == isTyped)
    }

    /// Whether a line of a text of many lines puts a value into a member.
    private static func fillsMember(_ line: Substring) -> Bool {
        line.firstMatch(of: /"\w+":\S*\\\(/) != nil
    }

    /// Whether a literal has a member, and is not a whole text.
    private static func typesMember(_ code: Substring) -> Bool {
        if code.firstMatch(of: /[{,]\\"\w+\\":(?!\s)/) != nil { return true }
        return code.matches(of: /#"(.*?)"#/).map(\.output.1).contains { text in
            text.firstMatch(of: /"\w+":/) != nil
                && !(text.hasPrefix("{") && text.hasSuffix("}") && !text.contains("\\#("))
        }
    }

    @Test("The arithmetic of the Gregorian calendar stands in Shared/Dates alone")
    func calendar() throws {
        for file in try Repository.swift("Shared", "Services")
        where !file.path.hasPrefix("Shared/Dates/") {
            for (number, line) in file.lines.enumerated() {
                // The days of 400, of 100 and of 4 years, and those before 1970.
                let hit = line.firstMatch(of: /\b(146_?09[67]|36_?524|1_?46[01]|719_?468)\b/)
                #expect(hit == nil, "\(file.path):\(number + 1)")
            }
        }
    }
}
