import Nacha
import Testing

@Suite("Flattening a file")
struct FlattenTests {
    private typealias Sample = TransformSample

    @Test("Batches with equal headers become one; others stay, in order of the first of each")
    func joins() throws {
        let file = try Sample.file([
            Sample.batch(.ppd, [Sample.entry(27, 1, 5)]),
            Sample.batch(.ppd, company: "TOWN", [Sample.entry(27, 2, 6)]),
            Sample.batch(.ppd, [Sample.entry(27, 3, 1)]),
        ])
        let flat = try file.flattened()
        #expect(flat.batches.map(\.entries.count) == [2, 1])
        #expect(flat.batches[0].entries.map { $0.record.number(30, 39) } == [3, 1])
        #expect(Sample.errors(flat).isEmpty)
    }

    @Test("A trace number that is taken stays in a batch of its own")
    func separatesCollisions() throws {
        let file = try Sample.file([
            Sample.batch(.ppd, [Sample.entry(27, 1, 1), Sample.entry(27, 2, 2)]),
            Sample.batch(.ppd, [Sample.entry(27, 3, 2), Sample.entry(27, 4, 3)]),
        ])
        #expect(try file.flattened().batches.map(\.entries.count) == [3, 1])
    }

    @Test("A batch never passes 999,999 records")
    func dividesLargeBatches() throws {
        // A hundred entries with all the addenda that CTX allows, which share their storage.
        let addenda = try Sample.entry(27, 1, 1, .ctx, addenda: [.payment("A")]).addenda
        func entry(_ sequence: UInt32, addendaCount: Int) throws -> EntryDetail {
            var entry = try Sample.entry(27, 1, sequence, .ctx)
            entry.addenda = Array(repeating: addenda[0], count: addendaCount)
            return entry
        }
        let large = try (1...99).map { try entry($0, addendaCount: 9_999) }
        let last = try Sample.batch(.ctx, [entry(100, addendaCount: 9_998)])
        let full = try Sample.file([Sample.batch(.ctx, large), last])
        #expect(try full.flattened().batches.map(\.entryAddendaCount) == [999_999])
        let more = try Sample.file(
            full.batches + [Sample.batch(.ctx, [entry(101, addendaCount: 0)])]
        )
        #expect(try more.flattened().batches.map(\.entryAddendaCount) == [999_999, 1])
    }

    @Test("A file without a header stays without one; one without batches is refused")
    func takesWhatBanksSend() throws {
        var file = try Sample.file([Sample.batch(.ppd, [Sample.entry(27, 1, 1)])])
        file.header = nil
        #expect(try file.flattened().header == nil)
        file.batches = []
        #expect(throws: TransformFault.building(.fileHasNoBatches)) { try file.flattened() }
    }

    @Test("Whatever is flattened, nothing is lost, and twice is once", arguments: 1...40)
    func losesNothing(seed: Int) throws {
        var random = TransformRandom(seed: UInt64(seed))
        let file = try random.file()
        let flat = try file.flattened()
        #expect(Sample.errors(flat) == [])
        #expect(Sample.census([flat]) == Sample.census([file]))
        #expect(flat.batches.count <= file.batches.count)
        #expect(try flat.flattened().bytes == flat.bytes)
    }
}
