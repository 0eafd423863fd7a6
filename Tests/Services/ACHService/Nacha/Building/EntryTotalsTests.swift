import Nacha
import Testing

@Suite struct EntryTotalsTests {
    @Test func theHashSumsTheBanksOfTheEntries() throws {
        var totals = EntryTotals()
        for identification: UInt32 in [05_600_507, 05_140_225, 11_400_065] {
            let bank = try #require(RoutingNumber(identification: identification))
            let entry = try Made.entry(receiver: bank).entry(trace: Made.trace("076401250000001"))
            try totals.add(entry, in: .ppd)
        }
        #expect(totals.entryHash == 22_140_797)
        #expect(totals.entryAddendaCount == 3)
    }

    @Test func theHashKeepsItsLastTenDigits() throws {
        var totals = EntryTotals()
        for _ in 0..<1_234 { try totals.add(bank: 99_999_999) }
        try totals.add(bank: 123_456_789_012 - 1_234 * 99_999_999)
        #expect(totals.entryHash == 3_456_789_012)
    }

    @Test func hashesOfBatchesAreCutAgain() throws {
        var sum = EntryTotals()
        var one = EntryTotals()
        try one.add(bank: 9_999_999_999)
        try sum.add(one)
        try sum.add(one)
        #expect(sum.entryHash == 9_999_999_998)
        #expect(sum.entryAddendaCount == 2)
    }

    @Test func amountsAreSummedBySide() throws {
        let batch = try Made.batch(
            Made.batchHeader(),
            [
                Made.entry(22, amount: 100), Made.entry(27, amount: 2_000),
                Made.entry(36, amount: 30_000), Made.entry(31, amount: 400_000),
                Made.entry(28, amount: 0, addenda: [.payment("X")]),
            ]
        )
        let totals = try EntryTotals(of: batch)
        #expect(totals.creditMinorUnits == 400_100)
        #expect(totals.debitMinorUnits == 32_000)
        #expect(totals.entryAddendaCount == 6)
    }

    @Test func anEntryThatDoesNotAddUpIsRefused() throws {
        var totals = EntryTotals()
        func refusal(_ change: (inout Record) -> Void) throws -> BuildingFault? {
            var entry = try Made.entry().entry(trace: Made.trace("076401250000001"))
            change(&entry.record)
            return #expect(throws: BuildingFault.self) { try totals.add(entry, in: .ppd) }
        }
        #expect(
            try refusal { $0.write("60", 2, 3) } == .transactionCodeUnknown(value: "60")
        )
        #expect(
            try refusal { $0.write("2 ", 2, 3) } == .transactionCodeUnknown(value: "2 ")
        )
        #expect(
            try refusal { $0.write("1220004X", 4, 11) }
                == .notDigits(field: "receiving_dfi_identification", value: "1220004X")
        )
        #expect(
            try refusal { $0.write("     12345", 30, 39) }
                == .notDigits(field: "amount_minor_units", value: "     12345")
        )
        #expect(totals == EntryTotals())
    }

    @Test func aBatchHoldsAsMuchAsItsControlCanSay() throws {
        var totals = EntryTotals()
        try totals.add(.debit, amount: 999_999_999_999, records: 999_999)
        try totals.checkBatch(of: .ppd)
        var more = totals
        try more.add(.credit, amount: 0, records: 1)
        #expect(throws: BuildingFault.batchHasTooManyRecords) { try more.checkBatch(of: .ppd) }
        more = totals
        try more.add(.debit, amount: 1, records: 0)
        let fault = BuildingFault.totalTooLarge(field: "total_debit_minor_units", digits: 12)
        #expect(throws: fault) { try more.checkBatch(of: .ppd) }
        try more.checkBatch(of: .adv)
        #expect(throws: fault) { try more.checkFile(isAdvice: false) }
        try more.checkFile(isAdvice: true)
    }

    @Test func sumsNeverOverflow() throws {
        var totals = EntryTotals()
        try totals.add(.credit, amount: .max, records: 1)
        let fault = BuildingFault.totalTooLarge(field: "total_credit_minor_units", digits: 20)
        let before = totals
        #expect(throws: fault) { try totals.add(.credit, amount: 1, records: 1) }
        #expect(throws: fault) { try totals.add(before) }
        #expect(totals == before)
    }

    @Test func aFileCountsEightDigitsOfEntries() throws {
        var totals = EntryTotals()
        try totals.add(.credit, amount: 0, records: 99_999_999)
        try totals.checkFile(isAdvice: false)
        try totals.add(.credit, amount: 0, records: 1)
        #expect(throws: BuildingFault.fileHasTooManyEntries) {
            try totals.checkFile(isAdvice: false)
        }
    }
}

extension EntryTotals {
    fileprivate mutating func add(bank: UInt64) throws(BuildingFault) {
        try add(.debit, amountMinorUnits: 1, receivingDFI: bank, recordCount: 1)
    }

    fileprivate mutating func add(
        _ side: TransactionCode.Side,
        amount: UInt64,
        records: UInt64
    ) throws(BuildingFault) {
        try add(side, amountMinorUnits: amount, receivingDFI: 0, recordCount: records)
    }
}
