import Protocol
import Storage
import Testing

@testable import Bookkeeping

@Suite("Duplicates by filter, tail and sorted runs")
struct DuplicateIndexTests {
    /// Ids of a set as bytes that stay where they are.
    private final class Texts {
        private let bytes: [[UInt8]]
        init(_ texts: [String]) { bytes = texts.map { Array($0.utf8) } }
        func hashes(_ source: Int64, _ function: KeyedHash) -> [UInt64] {
            bytes.map { text in
                text.withUnsafeBytes { function.hash(source: source, text: $0) }
            }
        }
        func committed(
            _ source: Int64,
            _ hashes: [UInt64],
            _ index: DuplicateIndex,
            in transaction: ReadTransaction
        ) throws -> [Int] {
            let all = UnsafeMutableRawBufferPointer.allocate(
                byteCount: bytes.reduce(1) { $0 + $1.count },
                alignment: 1
            )
            defer { all.deallocate() }
            var starts = [0]
            for text in bytes {
                let start = starts[starts.count - 1]
                for (offset, byte) in text.enumerated() { all[start + offset] = byte }
                starts.append(start + text.count)
            }
            let keys = SourceKeys(source: source) {
                UnsafeRawBufferPointer(rebasing: all[starts[$0]..<starts[$0 + 1]])
            }
            return try hashes.withUnsafeBufferPointer {
                try index.committed(keys, hashes: $0, in: transaction)
            }
        }
    }

    /// Inserts entries that consist of their key, and tells the index.
    private static func insert(
        _ texts: [String],
        _ source: Int64,
        _ index: DuplicateIndex,
        in transaction: WriteTransaction
    ) throws {
        let first = index.nextEntry
        for (offset, text) in texts.enumerated() {
            _ = try transaction.execute(
                "INSERT INTO entry VALUES (?1, 0, 0, 1, 0, ?2, ?3, '', 0, 0)",
                [.integer(first + Int64(offset)), .integer(source), .text(text)]
            )
        }
        Texts(texts).hashes(source, index.hash).withUnsafeBufferPointer { index.add($0) }
    }

    private func store() async throws -> TestLedger { try await TestLedger.make() }

    @Test("A million random operations find no difference to a plain set of keys")
    func sameAsPlainSet() async throws {
        let test = try await store()
        let limits = DuplicateIndex.Limits(
            tailEntries: 6_000,
            newRunEntries: 9_000,
            mergeWidth: 3,
            filterKeys: 4_096
        )
        var generator = SeededGenerator(seed: 7)
        var model: [Set<UInt32>] = [[], [], []]
        var operations = 0
        var index = WriterConfined(DuplicateIndex(key: [1, 2, 3], limits: limits))
        var round = 0
        while operations < 1_000_000 {
            let source = Int64(generator.next() % 3)
            let size = Int(generator.next() % 8_000) + 1
            let keys = (0..<size).map { _ in UInt32(generator.next() % 600_000) }
            let known = model[Int(source)]
            let held = index
            let found = try await test.ledger.store.write { transaction in
                let texts = keys.map { "K\($0)" }
                let all = Texts(texts)
                let hashes = all.hashes(source, held.value.hash)
                let found = Set(try all.committed(source, hashes, held.value, in: transaction))
                var new: Set<UInt32> = []
                var fresh: [Int] = []
                for row in keys.indices where !found.contains(row) {
                    if new.insert(keys[row]).inserted { fresh.append(row) }
                }
                try Self.insert(fresh.map { texts[$0] }, source, held.value, in: transaction)
                return found
            }
            let expected = keys.indices.filter { known.contains(keys[$0]) }
            #expect(found == Set(expected))
            model[Int(source)].formUnion(keys)
            operations += size
            round += 1
            for _ in 0..<(generator.next() % 4) {
                _ = try await test.ledger.store.write { try held.value.maintain(in: $0) }
            }
            if round % 60 == 0 {
                let fresh = WriterConfined(DuplicateIndex(key: [1, 2, 3], limits: limits))
                try await test.ledger.store.write { try fresh.value.load(in: $0) }
                #expect(fresh.value.nextEntry == held.value.nextEntry)
                index = fresh
            }
        }
        #expect(index.value.runs.contains { $0.level >= 2 })
    }

    @Test("Equal hashes of different texts are told apart by the entries' own texts")
    func collisions() async throws {
        let test = try await store()
        let found = try await test.ledger.store.write { transaction in
            let index = DuplicateIndex(key: [], limits: TestLedger.small)
            try Self.insert(["a", "b"], 1, index, in: transaction)
            let texts = Texts(["a", "b", "c"])
            let forged = Texts(["a"]).hashes(1, index.hash)[0]
            return try texts.committed(1, [forged, forged, forged], index, in: transaction)
        }
        #expect(found == [0])
    }

    @Test("A hash depends on the bytes of the text, not on where they lie")
    func hashIsStable() {
        let function = KeyedHash(key: Array(0..<16))
        let texts = ["", "a", "12345678", "123456789"]
        let hashes = texts.map { text in
            Array(text.utf8).withUnsafeBytes { function.hash(source: 1, text: $0) }
        }
        #expect(Set(hashes).count == texts.count)
        let again = texts.map { text in
            Array((text + "x").utf8).withUnsafeBytes {
                function.hash(source: 1, text: UnsafeRawBufferPointer(rebasing: $0.dropLast()))
            }
        }
        #expect(again == hashes)
    }

    @Test(
        "Whatever happens to the runs, a start covers every entry again",
        arguments: [
            "DELETE FROM dup_run_dir WHERE id = (SELECT MIN(id) FROM dup_run_dir)",
            "DELETE FROM dup_run WHERE id = (SELECT MAX(id) FROM dup_run)",
            "DELETE FROM dup_run",
            "UPDATE dup_run_dir SET state = 0",
            "UPDATE dup_run_dir SET entries = entries - 1",
            "DELETE FROM dup_run_dir",
        ]
    )
    func damagedRuns(statement: String) async throws {
        let test = try await store()
        for batch in 0..<20 {
            try await test.post(TestSet((0..<300).map { .init(id: "\(batch)-\($0)") }))
        }
        try await test.reopen(damage: statement)
        for batch in 0..<20 {
            let again = try await test.post(TestSet((0..<300).map { .init(id: "\(batch)-\($0)") }))
            #expect(again.transactionsLoaded == 0)
        }
    }

    @Test("D-07: a missing entry behind the runs stops the start")
    func missingEntry() async throws {
        let test = try await store()
        try await test.post(TestSet((0..<30).map { .init(id: "\($0)") }))
        await #expect(throws: LedgerFault.entryIsMissing(9)) {
            try await test.reopen(damage: "DELETE FROM entry WHERE id = 9")
        }
    }
}
