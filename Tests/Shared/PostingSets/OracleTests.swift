import Foundation
import Money
import PostingSets
import Testing

/// Foundation's parser as an independent witness of what a document means.
@Suite("Against another parser")
struct OracleTests {
    @Test("Four thousand made-up sets mean the same to Foundation")
    func valid() throws {
        var random = SplitMix(seed: 1)
        for _ in 0..<4_000 {
            let document = made(&random)
            try set(document) { try compare($0, with: Array(document.text.utf8)) }
        }
    }

    @Test("Twenty thousand mutations are refused, or mean the same to Foundation")
    func mutated() throws {
        var random = SplitMix(seed: 2)
        let reader = PostingSetReader()
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = Array(made(&random).text.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) { mutate(&bytes, &random) }
            try read(bytes, with: reader) { outcome in
                switch outcome {
                case .set(let set):
                    accepted += 1
                    try compare(set, with: bytes)
                case .faults(let faults):
                    #expect(!faults.isEmpty)
                    #expect(faults.allSatisfy { !$0.message.isEmpty })
                }
            }
        }
        #expect(accepted > 100)
    }

    private func compare(_ set: PostingSetView, with bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        let object = try JSONSerialization.jsonObject(with: Data(bytes))
        let document = try #require(object as? [String: Any], "\(text)")
        let elements = try #require(document["transactions"] as? [[String: Any]], "\(text)")
        #expect(document.count == 9 && elements.count == set.count)
        #expect(document["batch_name"] as? String == set.header.batchName)
        #expect(document["source_name"] as? String == set.header.sourceName)
        #expect(document["source_batch_id"] as? String == set.header.sourceBatchID)
        #expect(document["posting_type"] as? String == set.header.postingType.rawValue)
        #expect(document["accounting_date"] as? String == set.header.accountingDate)
        #expect((document["record_count"] as? NSNumber)?.int64Value == set.header.recordCount)
        expectAmount(document["total_amount"], set.header.totalAmount, text)
        for (row, element) in elements.enumerated() {
            #expect(element.count == 6)
            expectAmount(element["amount"], Amount(minorUnits: set.amounts[row]), text)
            #expect(element["description"] as? String == set.descriptions[row].string)
            #expect(element["detail_code"] as? String == set.detailCodes[row].string)
            #expect(
                element["source_transaction_id"] as? String == set.sourceTransactionIDs[row].string
            )
            #expect(
                element["source_transaction_date"] as? String
                    == set.sourceTransactionDates[row].string
            )
            let account = element["account_id"]
            let sent = (account as? String) ?? (account as? NSNumber)?.stringValue
            #expect(canonical(sent) == set.accountIDs[row].string, "\(text)")
        }
    }

    /// Foundation has only binary fractions: they must agree as far as those are exact.
    private func expectAmount(_ value: Any?, _ amount: Amount, _ text: String) {
        guard let number = value as? NSNumber else {
            Issue.record("no number in \(text)")
            return
        }
        let cents = Double(amount.minorUnits)
        let difference = abs(number.doubleValue * 100 - cents)
        #expect(difference <= max(1e-6, abs(cents) * 1e-15), "\(text)")
    }

    private func canonical(_ account: String?) -> String? {
        guard let account else { return nil }
        let trimmed = account.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
        return String(trimmed.map { $0.isASCII ? Character($0.uppercased()) : $0 })
    }
}

extension OracleTests {
    private func made(_ random: inout SplitMix) -> SetDocument {
        .with { document in
            document.style = SetDocument.Style.allCases.randomElement(using: &random) ?? .compact
            document.header["batch_name"] = text(&random)
            document.header["total_amount"] = amount(&random)
            document.header["record_count"] = String(Int.random(in: 0...9_999, using: &random))
            document.header.pairs.shuffle(using: &random)
            let count = Int.random(in: 1...5, using: &random)
            let order = random
            document.transactions = (0..<count).map { _ in
                var transaction = SetDocument.transaction
                transaction["amount"] = amount(&random)
                transaction["description"] = text(&random)
                let account = Int.random(in: 0...99_999_999, using: &random)
                let accounts = [
                    "\(account)", "\"\(account)\"", "\" 0\(account)n\"", "\"F00\(account)\"",
                ]
                transaction["account_id"] = accounts.randomElement(using: &random)
                let day = Int.random(in: 10...28, using: &random)
                let dates = ["\"2018-02-\(day)T04:00:00Z\"", "\"2018-02-\(day)\""]
                transaction["source_transaction_date"] = dates.randomElement(using: &random)
                var same = order
                transaction.pairs.shuffle(using: &same)
                return transaction
            }
        }
    }

    private func amount(_ random: inout SplitMix) -> String {
        let whole = Int.random(in: -99_999...999_999, using: &random)
        let cents = Int.random(in: 10...99, using: &random)
        let shapes = [
            "\(whole)", "\(whole).\(cents)", "\(whole).5", "\(whole).\(cents)00", "\(cents)e-1",
        ]
        return shapes.randomElement(using: &random) ?? "0"
    }

    private func text(_ random: inout SplitMix) -> String {
        let pieces = [
            "a", "work order", "é", "😀", "\\\"", "\\\\", "\\/", "\\u00e9", "\\ud83d\\ude00", " ",
            "0",
        ]
        let count = Int.random(in: 0...8, using: &random)
        let inside = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        return "\"\(inside)\""
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let tokens = Array("{}[]:,\"\\0123456789.eE+-ntu \n".utf8)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[place] = tokens.randomElement(using: &random) ?? 0
        case 2: bytes.insert(tokens.randomElement(using: &random) ?? 0, at: place)
        default:
            if bytes.count > 1 { bytes.remove(at: place) }
        }
    }
}
