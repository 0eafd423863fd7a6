import Nacha
import Testing

@Suite("Balancing batches with an offset")
struct BalancingTests {
    private typealias Sample = TransformSample

    private static func account(
        _ kind: OffsetAccount.Kind = .checking,
        number: String = "99-1",
        name: String = "CITY TREASURY"
    ) throws -> OffsetAccount {
        try OffsetAccount(
            routing: Sample.bank(9_100_001),
            number: number,
            kind: kind,
            name: name
        )
    }

    @Test(
        "Debits are offset by a credit to the account, in its code",
        arguments: [
            (OffsetAccount.Kind.checking, "22"), (.savings, "32"), (.generalLedger, "42"),
        ]
    )
    func offsetsDebits(kind: OffsetAccount.Kind, code: String) throws {
        let file = try Sample.file([
            Sample.batch(.ppd, [Sample.entry(27, 300, 1), Sample.entry(37, 400, 2)])
        ])
        let balanced = try file.balanced(against: Self.account(kind))
        let batch = balanced.batches[0]
        #expect(batch.serviceClass == .mixed)
        #expect(batch.entries.count == 3)
        #expect(
            batch.entries[2].record.text(1, 94)
                == "6\(code)09100001" + "9" + "99-1             0000000700               "
                + "CITY TREASURY           0072000030000003"
        )
        #expect(Sample.errors(balanced) == [])
    }

    @Test("Credits are offset by a debit; of both sides, the difference")
    func offsetsTheDifference() throws {
        let file = try Sample.file([
            Sample.batch(.ppd, [Sample.entry(22, 300, 1)]),
            Sample.batch(.ppd, company: "TOWN", [Sample.entry(22, 5, 2), Sample.entry(27, 7, 3)]),
        ])
        let balanced = try file.balanced(against: Self.account())
        let offsets = balanced.batches.compactMap(\.entries.last)
        #expect(offsets.map { $0.record.text(2, 3) } == ["27", "22"])
        #expect(offsets.map { $0.record.number(30, 39) } == [300, 2])
        // Behind the highest of the file, so that no trace number stands twice.
        #expect(offsets.map { $0.record.number(88, 94) } == [4, 5])
        #expect(Sample.errors(balanced) == [])
    }

    @Test("What moves no money or is balanced stays as it is")
    func leavesBalancedBatches() throws {
        let file = try Sample.file([
            Sample.batch(.ppd, [Sample.entry(28, 0, 1)]),
            Sample.batch(.ppd, [Sample.entry(22, 5, 2), Sample.entry(27, 5, 3)]),
            Sample.batch(.enr, [Sample.entry(23, 0, 4, .enr)]),
        ])
        #expect(try file.balanced(against: Self.account()).bytes == file.bytes)
    }

    @Test("Above 99,999,999.99 the offset is several entries")
    func dividesLargeOffsets() throws {
        let width = FileLimits.amountMinorUnits
        let file = try Sample.file([
            Sample.batch(.ccd, try (1...3).map { try Sample.entry(27, width - 1, $0, .ccd) })
        ])
        let balanced = try file.balanced(against: Self.account())
        let offsets = balanced.batches[0].entries.dropFirst(3)
        #expect(offsets.map { $0.record.number(30, 39) } == [width, width, width - 3])
        #expect(Sample.errors(balanced) == [])
    }

    @Test(
        "An offset has the form of its class",
        arguments: [StandardEntryClass.ppd, .ccd, .ctx, .trc, .web]
    )
    func suitsTheClass(entryClass: StandardEntryClass) throws {
        let file = try Sample.file([
            Sample.batch(entryClass, [Sample.entry(27, 300, 1, entryClass)])
        ])
        #expect(Sample.errors(try file.balanced(against: Self.account())) == [])
    }

    @Test(
        "Classes that take no offset are refused by batch and reason",
        arguments: [
            (StandardEntryClass.tel, OffsetRefusal.oneSidedClass), (.arc, .oneSidedClass),
            (.iat, .mandatoryAddenda), (.pos, .mandatoryAddenda), (.adv, .advice),
        ]
    )
    func refusesClasses(entryClass: StandardEntryClass, reason: OffsetRefusal) throws {
        let code = entryClass == .adv ? 82 : 27
        let file = try Sample.file([
            Sample.batch(entryClass, [Sample.entry(code, 300, 1, entryClass)])
        ])
        let place = EntryPlace(batchNumber: 1)
        #expect(throws: TransformFault.batchTakesNoOffset(place, reason)) {
            try file.balanced(against: Self.account())
        }
    }

    @Test("Behind trace number 9,999,999 there is none")
    func endsWithTheSequence() throws {
        let file = try Sample.file([Sample.batch(.ppd, [Sample.entry(27, 300, 9_999_999)])])
        #expect(throws: TransformFault.traceNumbersExhausted(EntryPlace(batchNumber: 1))) {
            try file.balanced(against: Self.account())
        }
    }

    @Test(
        "An account that fits no field is refused",
        arguments: ["", "000", "123456789012345678", "É"]
    )
    func refusesAccounts(number: String) {
        #expect(throws: TransformFault.offsetAccountInvalid(.accountNumber)) {
            try Self.account(number: number)
        }
        #expect(throws: TransformFault.offsetAccountInvalid(.name)) {
            try Self.account(name: "MORE THAN SIXTEEN")
        }
    }

    @Test("Every balanced batch has as much on one side as on the other", arguments: 1...40)
    func balances(seed: Int) throws {
        var random = TransformRandom(seed: UInt64(seed))
        var file = try random.file()
        file.batches.removeAll { $0.entryClass == .iat }
        guard !file.batches.isEmpty else { return }
        file = try file.closed()
        let balanced = try file.balanced(against: Self.account())
        #expect(Sample.errors(balanced) == [])
        for batch in balanced.batches {
            let totals = try EntryTotals(of: batch)
            #expect(totals.debitMinorUnits == totals.creditMinorUnits)
        }
        #expect(try balanced.balanced(against: Self.account()).bytes == balanced.bytes)
    }
}
