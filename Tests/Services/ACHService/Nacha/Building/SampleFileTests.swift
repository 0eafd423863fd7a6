import Nacha
import Testing

@Suite struct SampleFileTests {
    /// Every class with every answer that it has.
    static let kinds: [(StandardEntryClass, SampleOptions.Answer?)] =
        StandardEntryClass.allCases.flatMap { entryClass in
            [(entryClass, nil)] + SampleOptions.answers(to: entryClass).map { (entryClass, $0) }
        }

    @Test(arguments: kinds)
    func everySampleAddsUp(entryClass: StandardEntryClass, answer: SampleOptions.Answer?) throws {
        for sides in SampleOptions.Sides.allCases {
            for choice in SampleOptions.AddendaChoice.allCases {
                let options = SampleOptions(
                    entryClass,
                    answer: answer,
                    batchCount: 2,
                    entriesPerBatch: 7,
                    sides: sides,
                    addenda: choice,
                    hasPrenotes: true,
                    hasZeroDollarEntries: true
                )
                let bytes = try SampleFile.make(options, seed: 1).bytes
                let count = try NaiveCount(bytes)
                try #require(count.batches == 2)
                try #require(count.entries == 14)
                try #require(count.classes == [options.batchClass.rawValue])
            }
        }
    }

    @Test(arguments: kinds)
    func theWriterGivesTheBytesOfTheModel(
        entryClass: StandardEntryClass,
        answer: SampleOptions.Answer?
    ) throws {
        let options = SampleOptions(
            entryClass,
            answer: answer,
            batchCount: 3,
            entriesPerBatch: 9,
            hasPrenotes: true,
            form: FileForm(lineEnd: .carriageReturnLineFeed)
        )
        var written: [UInt8] = []
        try SampleFile.write(options, seed: 5) { written += $0 }
        #expect(written == (try SampleFile.make(options, seed: 5).bytes))
    }

    @Test func aSeedGivesTheSameBytesAndAnotherSeedOthers() throws {
        let options = SampleOptions(.ppd, entriesPerBatch: 50)
        let first = try SampleFile.make(options, seed: 3).bytes
        #expect(first == (try SampleFile.make(options, seed: 3).bytes))
        #expect(first != (try SampleFile.make(options, seed: 4).bytes))
    }

    @Test func entriesOfASampleDiffer() throws {
        let file = try SampleFile.make(SampleOptions(.ppd, entriesPerBatch: 100), seed: 3)
        let entries = file.batches[0].entries
        #expect(Set(entries.map { $0.record.text(30, 39) }).count > 90)
        #expect(Set(entries.map { $0.record.text(4, 11) }).count > 90)
        #expect(Set(entries.map { $0.record.text(2, 3) }) == ["22", "27", "32", "37"])
        #expect(Set(entries.map(\.addenda.count)) == [0, 1])
    }

    @Test func theGeneratorGivesTheNumbersOfItsReference() {
        var random = SplitMix64(seed: 1_234_567)
        #expect(random.next() == 6_457_827_717_110_365_317)
        #expect(random.next() == 3_203_168_211_198_807_973)
        let below = (0..<1_000).map { _ in random.below(10) }
        #expect(Set(below) == Set(0..<10))
    }

    @Test(
        arguments: [
            (.adv, .returned), (.cor, .change), (.iat, .dishonored),
        ] as [(StandardEntryClass, SampleOptions.Answer)]
    )
    func answersThatAClassDoesNotHaveAreRefused(
        entryClass: StandardEntryClass,
        answer: SampleOptions.Answer
    ) {
        #expect(throws: BuildingFaults.self) {
            try SampleFile.make(SampleOptions(entryClass, answer: answer), seed: 1)
        }
    }

    @Test(arguments: [false, true])
    func largeFilesAddUp(hasAddenda: Bool) throws {
        var bytes: [UInt8] = []
        var pieces = 0
        try SampleFile.writeLarge(
            entryCount: 12_000,
            entriesPerBatch: 5_000,
            hasAddenda: hasAddenda,
            seed: 9
        ) { piece in
            bytes += piece
            pieces += 1
        }
        let count = try NaiveCount(bytes)
        #expect(count.entries == 12_000)
        #expect(count.batches == 3)
        #expect(count.addenda == (hasAddenda ? 12_000 : 0))
        #expect(pieces > 1)
    }
}
