import Money
import PostingSets
import Testing

/// What a set comes to, for comparing two readings.
struct SetContents: Equatable {
    var header: PostingSetHeader
    var rows: [[String]]

    init(_ set: PostingSetView) {
        header = set.header
        rows = (0..<set.count).map { row in
            [
                Amount(minorUnits: set.amounts[row]).jsonNumber, String(set.dates[row]),
                set.accountIDs[row].string, set.detailCodes[row].string,
                set.descriptions[row].string, set.sourceTransactionIDs[row].string,
                set.sourceTransactionDates[row].string,
            ]
        }
    }
}

@Suite("The same set in every shape")
struct ShapeTests {
    /// Transactions that take every way through the reader.
    static let document = SetDocument.with { document in
        let values: [[(String, String)]] = [
            [], [("amount", "5")], [("amount", "-12345678.90")], [("amount", "1e2")],
            [("account_id", "73491")], [("account_id", "\"f00012345x\"")], [("account_id", "-0")],
            [("description", "\"a\\\"b é\"")], [("description", "\"\"")],
            [("source_transaction_date", "\"2018-02-01\"")],
            [("source_transaction_date", "\"2018-02-28T04:00:00Z\"")],
            [("source_transaction_date", "\"2018-02-28T05:00:00Z\"")], [],
        ]
        document.transactions = values.map { changes in
            var transaction = SetDocument.transaction
            for (name, value) in changes { transaction[name] = value }
            return transaction
        }
    }

    @Test("Blanks make no difference", arguments: SetDocument.Style.allCases)
    func blanks(style: SetDocument.Style) throws {
        let expected = try set(Self.document, SetContents.init)
        var document = Self.document
        document.style = style
        #expect(try set(" \n\(document.text)\t ", SetContents.init) == expected)
    }

    @Test("The order of fields makes no difference, even where it changes in the set")
    func order() throws {
        let expected = try set(Self.document, SetContents.init)
        var random = SplitMix(seed: 7)
        for _ in 0..<200 {
            var document = Self.document
            document.header.pairs.shuffle(using: &random)
            let orders = Int.random(in: 0...3, using: &random)
            for row in document.transactions.indices where orders > 0 {
                var order = SplitMix(seed: UInt64(row % orders))
                document.transactions[row].pairs.shuffle(using: &order)
            }
            document.style = SetDocument.Style.allCases.randomElement(using: &random) ?? .compact
            #expect(try set(document, SetContents.init) == expected)
        }
    }

    @Test("What stands behind a document, or nothing, makes no difference")
    func padding() throws {
        let right = Array(Self.document.text.utf8)
        let wrong = Array(SetDocument.field("amount", "1.999").text.utf8)
        let expected = try set(Self.document, SetContents.init)
        for filler in [0, UInt8(ascii: "}"), UInt8(ascii: "\""), UInt8(ascii: "9"), 0xFF] {
            for padding in [0, 1, 7, 63, 64, 65] {
                let surroundings = Surroundings(padding: padding, filler: filler)
                read(right, surroundings) { outcome in
                    guard case .set(let set) = outcome else {
                        Issue.record("refused with padding \(padding)")
                        return
                    }
                    #expect(SetContents(set) == expected)
                }
                read(wrong, surroundings) { outcome in
                    guard case .faults(let faults) = outcome else {
                        Issue.record("accepted with padding \(padding)")
                        return
                    }
                    let pointer = "/transactions/0/amount"
                    #expect(faults.map(Finding.init) == [Finding(pointer, .tooManyDecimals)])
                }
            }
        }
    }

    @Test("A document cut anywhere is refused, and nothing crashes")
    func cuts() {
        var document = Self.document
        document.style = .lines
        let bytes = Array(document.text.utf8)
        let reader = PostingSetReader()
        for count in 0..<bytes.count {
            read(Array(bytes[..<count]), with: reader, Surroundings(padding: 0)) { outcome in
                if case .set = outcome { Issue.record("accepted \(count) bytes") }
            }
        }
    }

    @Test("One reader reads one document after the other, large and small, right and wrong")
    func reuse() throws {
        let reader = PostingSetReader()
        let large = SetDocument.with { document in
            document.transactions = Array(repeating: SetDocument.transaction, count: 20_000)
        }
        let texts = [
            SetDocument().text, large.text, "{", SetDocument.field("amount", "true").text,
            Self.document.text, large.text, "", Self.document.text,
        ]
        for text in texts {
            let fresh = read(Array(text.utf8)) { summary($0) }
            let reused = read(Array(text.utf8), with: reader) { summary($0) }
            #expect(fresh == reused)
        }
    }

    private func summary(_ outcome: ReadOutcome) -> String {
        switch outcome {
        case .set(let set): "\(SetContents(set))"
        case .faults(let faults): "\(faults)"
        }
    }
}
