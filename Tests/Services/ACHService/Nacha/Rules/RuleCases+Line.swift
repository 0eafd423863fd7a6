@testable import Nacha

/// Lines and characters.
extension RuleCase {
    static let lines: [RuleCase] = [
        RuleCase(.lineShort, .plain(.ppd), Place(10, 56, 94), lenient: .warning) {
            $0.lines[9].removeLast(39)
        },
        RuleCase(.lineShort, .plain(.ppd), Place(10, 94, 94), lenient: .warning) {
            $0.lines[9].removeLast()
            $0.endsWithLineEnd = false
        },
        RuleCase(.lineLong, .plain(.ppd), Place(3, 95, 95)) { $0.lines[2] += [0x58] },
        RuleCase(.lineLong, .plain(.ppd), Place(3, 95, 9_094)) {
            $0.lines[2] += repeatElement(0x58, count: 9_000)
        },
        RuleCase(.lineBlankTail, .plain(.ppd), Place(3, 95, 96), lenient: .warning) {
            $0.lines[2] += [0x20, 0x20]
        },
        RuleCase(.lineBlank, .plain(.ppd), Place(3), lenient: .warning) { $0.insert([], at: 3) },
        RuleCase(.lineBlank, .plain(.ppd), Place(3), lenient: .warning) {
            $0.insert([UInt8](repeating: 0x20, count: 94), at: 3)
        },
        RuleCase(.lineBlank, .plain(.ppd), Place(11), lenient: .warning) {
            $0.insert([0x20], at: 11)
        },
        RuleCase(.lineByteOrderMark, .plain(.ppd), Place(1, 1, 1), lenient: .warning) {
            $0.lines[0] = [0xEF, 0xBB, 0xBF] + $0.lines[0]
        },
        RuleCase(.fileLength, .plain(.ppd), Place(10, 94, 94)) {
            $0.lineEnd = .none
            $0.lines[9].removeLast()
        },
        // A character lost in the middle moves all that follows, and is still one fault.
        RuleCase(.fileLength, .plain(.ppd), Place(10, 94, 94)) {
            $0.lineEnd = .none
            $0.lines[3].removeLast()
        },
        RuleCase(.recordCharacter, .plain(.ppd), Place(3, 60, 60)) { $0.lines[2][59] = 0xE9 },
        RuleCase(.recordCharacter, .plain(.ppd), Place(3, 60, 60)) {
            $0.lines[2].replaceSubrange(59..<60, with: "É".utf8)
        },
        RuleCase(.recordCharacter, .plain(.ppd), Place(3, 35, 35)) { $0.lines[2][34] = 0x00 },
        RuleCase(.recordCharacter, .plain(.ppd), Place(2, 75, 75)) { $0.lines[1][74] = 0x7F },
        RuleCase(.recordType, .plain(.ppd), Place(3, 1, 1)) { $0.write("X", 3, at: 1) },
        RuleCase(.recordType, .withAddenda(.ctx), Place(9, 1, 1)) { $0.write("X", 9, at: 1) },
        RuleCase(.recordType, .plain(.ppd), Place(1, 1, 1)) {
            $0.lines = ["date,amount", "2026-06-01,1.00"].map { Array($0.utf8) }
        },
        RuleCase(.recordReserved, .plain(.ppd), Place(5, 74, 79)) { $0.write("X", 5, at: 76) },
        RuleCase(.recordReserved, .plain(.ppd), Place(10, 56, 94)) { $0.write("0", 10, at: 94) },
        RuleCase(.recordReserved, .answers(.change, .ppd), Place(4, 65, 70)) {
            $0.write("X", 4, at: 65)
        },
    ]
}
