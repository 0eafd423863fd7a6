import ACHRules
import Nacha
import Testing

@Suite("The deadline of a reversal")
struct ReversalDeadlineTests {
    private typealias Sample = TransformSample

    private static func file(
        effective: CivilDate?,
        settled: String = ""
    ) throws -> NachaFile {
        var file = try Sample.file([
            Sample.batch(.ppd, effectiveDate: effective, [Sample.entry(27, 1, 1)])
        ])
        file.batches[0].header.write(settled, 76, 78)
        return file
    }

    @Test("Five banking days after settlement, Juneteenth not counted")
    func countsBankingDays() throws {
        // Settled on Tuesday, 16 June 2026; Friday the 19th is closed.
        let file = try Self.file(effective: Sample.day(2026, 6, 16))
        let deadline = ReversalDeadline()
        #expect(deadline.due(file).map(\.lastDay) == [Sample.day(2026, 6, 24)])
        #expect(deadline.late(file, on: Sample.day(2026, 6, 24)).isEmpty)
        #expect(deadline.late(file, on: Sample.day(2026, 6, 25)).map(\.batchNumber) == [1])
    }

    @Test("The operator's settlement day goes before the effective entry date, over New Year too")
    func prefersSettlement() throws {
        let settled = try Self.file(effective: Sample.day(2026, 6, 16), settled: "168")
        #expect(ReversalDeadline().due(settled).map(\.settlement) == [Sample.day(2026, 6, 17)])
        let newYear = try Self.file(effective: Sample.day(2026, 12, 31), settled: "004")
        #expect(ReversalDeadline().due(newYear).map(\.settlement) == [Sample.day(2027, 1, 4)])
    }

    @Test("A weekend settles on the next banking day, a blank date after the file's creation")
    func fillsInDates() throws {
        let weekend = try Self.file(effective: Sample.day(2026, 6, 20))
        #expect(ReversalDeadline().due(weekend).map(\.settlement) == [Sample.day(2026, 6, 22)])
        let blank = try Self.file(effective: nil)
        #expect(ReversalDeadline().due(blank).map(\.settlement) == [Sample.day(2026, 6, 16)])
        var nothing = blank
        nothing.header = nil
        #expect(ReversalDeadline().due(nothing).isEmpty)
    }
}
