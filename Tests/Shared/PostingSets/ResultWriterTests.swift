import Foundation
import PostingSets
import Testing

@Suite("Results")
struct ResultWriterTests {
    @Test("A set refused as a whole has its message last and no failures (contract A1-2, A1-3)")
    func refusedSet() throws {
        let message = "The transactions sum to 1198.0, not 5.0."
        let result = PostingSetResult(batchID: 7, transactionsLoaded: 0, errorMessage: message)
        let text = try written(SetDocument(), result)
        #expect(text.contains("\"status\":\"failure\""))
        #expect(text.contains("\"transactions_loaded\":0,\"failures\":[],\"transactions\":[{"))
        #expect(text.hasSuffix("}],\"error_message\":\"\(message)\"}"))
    }

    @Test("Failures are written in their order, with reference_number and no date (contract S1-31)")
    func failures() throws {
        let document = SetDocument.with { document in
            document.transactions = Array(repeating: SetDocument.transaction, count: 3)
            document.transactions[2]["source_transaction_id"] = "\"WO3\""
        }
        let failures = [2, 0].map { PostingSetResult.Failure(index: $0, message: "m\($0)") }
        let result = PostingSetResult(batchID: 7, transactionsLoaded: 1, failures: failures)
        let text = try written(document, result)
        let second = """
            {"account_id":"99999","detail_code":"A484","description":"This is a description",\
            "reference_number":"WO3","amount":1198.0,"error_message":"m2"},{"account_id"
            """
        #expect(text.contains("\"failures\":[\(second)"))
    }

    @Test("Every text is escaped exactly, and reads as it was sent")
    func escapes() throws {
        let texts = [
            "plain", "quote \" in", "back\\slash", "\"", "\\\\\\\\\\\\\\\\\\", "é😀 日本", "",
            "1234567", "12345678", "123456789", "seven\"\"\"", "/slash", "\u{2028}",
        ]
        for text in texts {
            let sent = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
            let document = SetDocument.with { document in
                document.header["batch_name"] = sent
                document.transactions[0]["description"] = sent
            }
            let failure = PostingSetResult.Failure(index: 0, message: "\(text)\n\u{1}\t")
            let result = PostingSetResult(batchID: 1, transactionsLoaded: 0, failures: [failure])
            let object = try parsed(try written(document, result))
            #expect(object["batch_name"] as? String == text)
            let transactions = object["transactions"] as? [[String: Any]]
            #expect(transactions?.first?["description"] as? String == text)
            let failures = object["failures"] as? [[String: Any]]
            #expect(failures?.first?["description"] as? String == text)
            #expect(failures?.first?["error_message"] as? String == failure.message)
        }
    }

    @Test("Amounts are written as the seed prints them (contract S1-36)")
    func amounts() throws {
        for (sent, printed) in [
            ("1198.00", "1198.0"), ("1198.20", "1198.2"), ("-5", "-5.0"), ("0", "0.0"),
            ("0.05", "0.05"), ("92233720368547758.07", "92233720368547758.07"),
        ] {
            let document = SetDocument.with { document in
                document.header["total_amount"] = sent
                document.transactions[0]["amount"] = sent
            }
            let text = try written(document, PostingSetResult(batchID: 1, transactionsLoaded: 1))
            #expect(text.contains("\"total_amount\":\(printed),"))
            #expect(text.contains("{\"amount\":\(printed),"))
        }
    }

    @Test("Pieces of any size come to the same result, and each keeps to its room")
    func pieces() throws {
        let document = SetDocument.with { document in
            document.transactions = (0..<5_000).map { row in
                var transaction = SetDocument.transaction
                transaction["source_transaction_id"] = "\"WO\(row)\""
                transaction["description"] = "\"\(String(repeating: "\\\"", count: row % 1_000))\""
                return transaction
            }
        }
        let failures = (0..<2_000).map { row in
            PostingSetResult.Failure(
                index: row,
                message: String(repeating: "\u{1}", count: row % 300)
            )
        }
        let result = PostingSetResult(
            batchID: .max,
            transactionsLoaded: 3_000,
            failures: failures,
            errorMessage: "whole"
        )
        let whole = try written(document, result)
        try set(document) { set in
            let least = try PostingSetResultWriter(set, result).minimumPieceBytes
            for size in [least, least + 1, 64 << 10, 256 << 10] {
                var writer = try PostingSetResultWriter(set, result)
                var bytes: [UInt8] = []
                let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
                defer { piece.deallocate() }
                while true {
                    let count = writer.write(into: piece)
                    if count == 0 { break }
                    #expect(count <= size)
                    bytes.append(contentsOf: piece[..<count])
                }
                #expect(bytes.elementsEqual(whole.utf8))
            }
        }
        let object = try parsed(whole)
        #expect((object["transactions"] as? [Any])?.count == 5_000)
        #expect((object["failures"] as? [Any])?.count == 2_000)
        #expect(object["batch_id"] as? String == "9223372036854775807")
    }

    @Test("A failure of a transaction that the set has not is an error", arguments: [-1, 1])
    func failureOutsideSet(index: Int) throws {
        try set(SetDocument()) { set in
            let failure = PostingSetResult.Failure(index: index, message: "m")
            let result = PostingSetResult(batchID: 1, transactionsLoaded: 0, failures: [failure])
            #expect(throws: PostingSetResultFault.failureOutsideSet(index: index, count: 1)) {
                try PostingSetResultWriter(set, result)
            }
        }
    }

    private func written(_ document: SetDocument, _ result: PostingSetResult) throws -> String {
        try set(document) { set in
            var writer = try PostingSetResultWriter(set, result)
            var bytes: [UInt8] = []
            writer.append(to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private func parsed(_ text: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(object as? [String: Any])
    }
}
