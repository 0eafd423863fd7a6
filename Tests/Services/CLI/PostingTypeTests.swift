import Testing

@testable import BursarCommands

@Suite("Another posting type in a document")
struct PostingTypeTests {
    private func put(_ type: PostingType, _ text: String) throws(CommandFailure) -> String {
        String(decoding: try type.put(into: Array(text.utf8)), as: UTF8.self)
    }

    @Test("A1-5: every other byte stays, amounts, order and blanks included")
    func exact() throws {
        let text = """
             { "total_amount" : 12345678901234.10, "posting_type"  :  "TRIAL" ,
              "transactions": [{"posting_type": "TRIAL", "amount": 1e2}], "x": 0.1000 }
            """
        let expected = """
             { "total_amount" : 12345678901234.10, "posting_type"  :  "COMMIT" ,
              "transactions": [{"posting_type": "TRIAL", "amount": 1e2}], "x": 0.1000 }
            """
        #expect(try put(.commit, text) == expected)
    }

    @Test("An escaped name and a value of another type are found too")
    func escaped() throws {
        #expect(try put(.trial, #"{"posting\u005ftype":7}"#) == #"{"posting\u005ftype":"TRIAL"}"#)
    }

    @Test(
        "A document that holds no one posting type is refused",
        arguments: [
            "{}", "[]", "", "{\"posting_type\":", "nonsense",
            #"{"posting_type":"TRIAL","posting_type":"COMMIT"}"#,
            #"{"transactions":[{"posting_type":"TRIAL"}]}"#,
        ]
    )
    func refused(text: String) {
        #expect(throws: CommandFailure.self) { try put(.commit, text) }
    }
}
