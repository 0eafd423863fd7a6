import Nacha
import Testing

@Suite("Splitting a file by credit and debit")
struct SplitTests {
    private typealias Sample = TransformSample

    @Test("A mixed batch becomes a batch of 220 and one of 225; trace numbers stay")
    func dividesMixedBatches() throws {
        let file = try Sample.file([
            Sample.batch(
                .ppd,
                [
                    Sample.entry(22, 1, 1), Sample.entry(27, 2, 2), Sample.entry(33, 0, 3),
                    Sample.entry(38, 0, 4),
                ]
            )
        ])
        let split = try file.splitBySide()
        let credits = try #require(split.credits)
        let debits = try #require(split.debits)
        #expect(credits.batches.map(\.serviceClass) == [.creditsOnly])
        #expect(debits.batches.map(\.serviceClass) == [.debitsOnly])
        #expect(credits.batches[0].entries.map(\.trace.last) == ["1", "3"])
        #expect(debits.batches[0].entries.map(\.trace.last) == ["2", "4"])
        #expect(credits.header?.text(34, 34) == "A")
        #expect(debits.header?.text(34, 34) == "B")
        #expect(split.all.flatMap(Sample.errors) == [])
    }

    @Test("A side without entries gives no file, and uses up no modifier")
    func leavesEmptySidesOut() throws {
        let debits = try Sample.file([Sample.batch(.ppd, [Sample.entry(27, 1, 1)])], modifier: "9")
        let split = try debits.splitBySide()
        #expect(split.credits == nil)
        #expect(split.debits?.header?.text(34, 34) == "9")
        let credits = try Sample.file([Sample.batch(.ppd, [Sample.entry(22, 1, 1)])])
        #expect(try credits.splitBySide().debits == nil)
    }

    @Test("Behind modifier 9 there is none for the debits")
    func refusesBehindTheLastModifier() throws {
        let both = [try Sample.entry(22, 1, 1), try Sample.entry(27, 1, 2)]
        let file = try Sample.file([Sample.batch(.ppd, both)], modifier: "9")
        #expect(throws: TransformFault.modifiersExhausted(first: "9", left: 1)) {
            try file.splitBySide()
        }
        #expect(try file.splitBySide(firstModifier: Sample.modifier("Z")).all.count == 2)
    }

    @Test("Advices split by odd and even codes and stay 280")
    func splitsAdvices() throws {
        let entries = try (1...8).map { try Sample.entry(80 + $0, 10, UInt32($0), .adv) }
        let split = try Sample.file([Sample.batch(.adv, entries)]).splitBySide()
        #expect(split.all.map { $0.batches[0].serviceClass } == [.advices, .advices])
        #expect(
            split.credits?.batches[0].entries.map { $0.record.text(2, 3) } == [
                "81", "83", "85", "87",
            ]
        )
        #expect(split.all.flatMap(Sample.errors) == [])
    }

    @Test("Zero-dollar entries and IAT go with their code, addenda included")
    func keepsAddenda() throws {
        let file = try Sample.file([
            Sample.batch(
                .ccd,
                [
                    Sample.entry(24, 0, 1, .ccd, addenda: [.payment("A")]),
                    Sample.entry(29, 0, 2, .ccd, addenda: [.payment("B")]),
                ]
            ),
            Sample.batch(.iat, [Sample.entry(22, 1, 3, .iat), Sample.entry(27, 1, 4, .iat)]),
        ])
        let split = try file.splitBySide()
        #expect(split.credits?.batches.map { $0.entries[0].addenda.count } == [1, 7])
        #expect(Sample.census(split.all) == Sample.census([file]))
        #expect(split.all.flatMap(Sample.errors) == [])
    }

    @Test("An entry whose code is on no side is refused by its place")
    func refusesUnknownCodes() throws {
        var file = try Sample.file([Sample.batch(.ppd, [Sample.entry(27, 1, 1)])])
        file.batches[0].entries[0].record.write("99", 2, 3)
        let place = EntryPlace(batchNumber: 1, trace: "072000030000001")
        #expect(throws: TransformFault.transactionCodeUnknown(place)) { try file.splitBySide() }
    }

    @Test("Whatever is split, nothing is lost and no side is mixed", arguments: 1...40)
    func losesNothing(seed: Int) throws {
        var random = TransformRandom(seed: UInt64(seed))
        let file = try random.file()
        let split = try file.splitBySide()
        #expect(split.all.flatMap(Sample.errors) == [])
        #expect(Sample.census(split.all) == Sample.census([file]))
        let totals = try Sample.totals([file])
        let credits = try Sample.totals([split.credits].compactMap { $0 })
        let debits = try Sample.totals([split.debits].compactMap { $0 })
        #expect(credits.creditMinorUnits == totals.creditMinorUnits)
        #expect(debits.debitMinorUnits == totals.debitMinorUnits)
        #expect(credits.debitMinorUnits == 0 && debits.creditMinorUnits == 0)
    }
}
