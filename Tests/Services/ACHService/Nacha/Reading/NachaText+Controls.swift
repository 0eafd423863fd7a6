@testable import Nacha

/// Totals counted from the text alone, character by character: nothing of the reader's or the writer's
/// arithmetic is used, so that they can be judged by it.
extension NachaText {
    private struct Totals {
        var batches = 0
        var records = 0
        var hash = 0
        var debits = 0
        var credits = 0

        mutating func add(_ other: Totals) {
            batches += 1
            records += other.records
            hash += other.hash
            debits += other.debits
            credits += other.credits
        }
    }

    /// The same records under controls that are right: counts, hashes, totals and blocks.
    ///
    /// The file must be in order otherwise.
    func resealed() -> NachaText {
        var text = self
        text.fillBlocks()
        var file = Totals()
        var batch = Totals()
        var isAdvice = false
        var isAdviceFile: Bool?
        for line in 1...text.lines.count where text.lines[line - 1] != Self.filler {
            switch text.type(line) {
            case UInt8(ascii: "5"):
                batch = Totals()
                isAdvice = text.text(line, 51, 53) == "ADV"
                isAdviceFile = isAdviceFile ?? isAdvice
            case UInt8(ascii: "6"): text.count(line, isAdvice, &batch)
            case UInt8(ascii: "7"): batch.records += 1
            case UInt8(ascii: "8"):
                text.seal(line, batch, isAdvice)
                file.add(batch)
            case UInt8(ascii: "9"): text.sealFile(line, file, isAdviceFile ?? false)
            default: break
            }
        }
        return text
    }

    private func count(_ line: Int, _ isAdvice: Bool, _ batch: inout Totals) {
        batch.records += 1
        batch.hash += number(line, 4, 11)
        let amount = isAdvice ? number(line, 28, 39) : number(line, 30, 39)
        let unit = number(line, 3, 3)
        let isCredit = isAdvice ? unit % 2 == 1 : (1...4).contains(unit)
        if isCredit { batch.credits += amount } else { batch.debits += amount }
    }

    private mutating func seal(_ line: Int, _ batch: Totals, _ isAdvice: Bool) {
        write(batch.records, line, 5, 10)
        write(batch.hash, line, 11, 20)
        write(batch.debits, line, 21, isAdvice ? 40 : 32)
        write(batch.credits, line, isAdvice ? 41 : 33, isAdvice ? 60 : 44)
    }

    private mutating func sealFile(_ line: Int, _ file: Totals, _ isAdvice: Bool) {
        write(file.batches, line, 2, 7)
        write((line + 9) / 10, line, 8, 13)
        write(file.records, line, 14, 21)
        write(file.hash, line, 22, 31)
        write(file.debits, line, 32, isAdvice ? 51 : 43)
        write(file.credits, line, isAdvice ? 52 : 44, isAdvice ? 71 : 55)
    }
}
