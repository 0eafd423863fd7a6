import Testing

/// Counts a file's lines again, with texts and integers of the standard library alone, and compares
/// what it finds with the controls: an oracle that shares no code with what it judges.
struct NaiveCount {
    private(set) var batches = 0
    private(set) var entries = 0
    private(set) var addenda = 0
    private(set) var classes: Set<String> = []

    private struct Sums: Equatable {
        var records = 0
        var hash = 0
        var debits = 0
        var credits = 0
    }

    init(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).map(Array.init)
        try #require(lines.count % 10 == 0)
        var file = Sums()
        var batch = Sums()
        var entryTrace = ""
        var header: [Swift.Character] = []
        for (index, line) in lines.enumerated() {
            func cut(_ from: Int, _ to: Int) -> String { String(line[(from - 1)..<to]) }
            func number(_ from: Int, _ to: Int) throws -> Int {
                try #require(Int(cut(from, to)))
            }
            try #require(line.count == 94)
            let isAdvice = String(header.dropFirst(50).prefix(3)) == "ADV"
            switch line[0] {
            case "1": try #require(index == 0)
            case "5":
                header = line
                batch = Sums()
                entryTrace = ""
                batches += 1
                classes.insert(cut(51, 53))
                try #require(try number(88, 94) == batches)
            case "6":
                entries += 1
                batch.records += 1
                batch.hash += try number(4, 11)
                let amount = try isAdvice ? number(28, 39) : number(30, 39)
                let code = try number(2, 3)
                let isCredit = code >= 80 ? code % 2 == 1 : code % 10 < 5
                if isCredit { batch.credits += amount } else { batch.debits += amount }
                let trace = isAdvice ? cut(91, 94) : cut(80, 94)
                try #require(trace > entryTrace)
                try #require(isAdvice || trace.hasPrefix(String(header[79..<87])))
                entryTrace = trace
                let hasAddenda = lines[index + 1][0] == "7"
                try #require(cut(79, 79) == (hasAddenda ? "1" : "0"))
            case "7":
                addenda += 1
                batch.records += 1
                try #require(cut(88, 94) == entryTrace.suffix(7))
            case "8":
                try #require(cut(2, 4) == String(header[1..<4]))
                try #require(cut(80, 94) == String(header[79..<94]))
                try #require(isAdvice || cut(45, 54) == String(header[40..<50]))
                batch.hash %= 10_000_000_000
                let width = isAdvice ? 20 : 12
                let said = Sums(
                    records: try number(5, 10),
                    hash: try number(11, 20),
                    debits: try number(21, 20 + width),
                    credits: try number(21 + width, 20 + 2 * width)
                )
                try #require(said == batch)
                file.records += batch.records
                file.hash += batch.hash
                file.debits += batch.debits
                file.credits += batch.credits
            case "9" where line.contains { $0 != "9" }:
                let width = isAdvice ? 20 : 12
                let said = Sums(
                    records: try number(14, 21),
                    hash: try number(22, 31),
                    debits: try number(32, 31 + width),
                    credits: try number(32 + width, 31 + 2 * width)
                )
                file.hash %= 10_000_000_000
                try #require(said == file)
                try #require(try number(2, 7) == batches)
                try #require(try number(8, 13) == lines.count / 10)
                try #require(lines[(index + 1)...].allSatisfy { $0.allSatisfy { $0 == "9" } })
                try #require(lines.count - index <= 10)
            default: try #require(line.allSatisfy { $0 == "9" })
            }
        }
    }
}
