@testable import Nacha
import Testing

/// Bytes of every sort, from seeds: a seed that fails makes its file again.
@Suite("Random bytes")
struct RandomBytesTests {
    /// Reads bytes in random chunks and checks what holds of every report.
    private func check(_ bytes: [UInt8], _ random: inout SplitMix64, _ what: String) {
        let whole = FileReport(of: bytes)
        let chunked = FileReport(of: bytes, chunk: random.number(in: 1...200))
        let isSame = chunked.isSame(as: whole)
        #expect(isSame, "\(what): \(chunked.places), \(whole.places)")
        let lenient = FileReport(of: bytes, .lenient)
        for report in [whole, lenient] {
            let dropped = report.dropped.values.reduce(0, +)
            #expect(report.errorCount + report.warningCount == report.diagnostics.count + dropped)
            #expect(report.isValid == report.errors.isEmpty, "\(what)")
            let isPlaced = report.diagnostics.allSatisfy {
                $0.line >= 1 && $0.from >= 1 && $0.to >= $0.from
            }
            #expect(isPlaced, "\(what)")
            #expect(report.rulesWithBytesInMessages == [], "\(what)")
        }
    }

    @Test("Bytes of any value never trap and are never a valid file", arguments: 0..<4)
    func anyBytes(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        for round in 0..<50 {
            let bytes = (0..<random.below(1_500)).map { _ in UInt8(random.below(256)) }
            check(bytes, &random, "seed \(seed), round \(round)")
            #expect(!FileReport(of: bytes).isValid)
        }
    }

    @Test("Lines of the right length with random digits and blanks never trap", arguments: 0..<4)
    func likelyLines(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed) + 100)
        let types = Array("1566677899".utf8)
        for round in 0..<50 {
            var bytes: [UInt8] = []
            for _ in 0..<random.number(in: 1...15) {
                bytes.append(random.pick(types))
                bytes += (0..<93).map { _ in random.pick(Array("0123456789     APR".utf8)) }
                bytes.append(0x0A)
            }
            check(bytes, &random, "seed \(seed), round \(round)")
        }
    }

    @Test("Files with a few random changes never trap", arguments: SampleOptions.everyClass)
    func damagedFiles(_ options: SampleOptions) throws {
        var random = SplitMix64(seed: 9)
        let text = try NachaText(options)
        for round in 0..<12 {
            var text = text
            for _ in 0..<random.number(in: 1...4) { damage(&text, &random) }
            text.lineEnd = random.pick(FileForm.LineEnd.allCases)
            check(text.bytes, &random, "round \(round)")
        }
    }

    private func damage(_ text: inout NachaText, _ random: inout SplitMix64) {
        let index = random.below(text.lines.count)
        let other = random.below(text.lines.count)
        switch random.below(7) {
        case 0: text.lines.remove(at: index)
        case 1: text.lines.insert(text.lines[other], at: index)
        case 2: text.lines.swapAt(index, other)
        case 3: text.lines[index].removeLast(random.below(text.lines[index].count + 1))
        case 4: text.lines[index] += repeatElement(0x20, count: random.below(200))
        case 5: text.lines.removeLast(random.below(text.lines.count))
        default:
            guard !text.lines[index].isEmpty else { return }
            text.lines[index][random.below(text.lines[index].count)] = UInt8(random.below(256))
        }
        if text.lines.isEmpty { text.lines = [[]] }
    }
}
