import Nacha

/// Spoils files at random: bytes and whole lines, a few at a time.
struct Mutator {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func pick<T>(_ values: [T]) -> T { values[number(values.count)] }

    private mutating func number(_ limit: Int) -> Int {
        Int(random.next() % UInt64(max(limit, 1)))
    }

    /// The bytes with one to four changes.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...number(4) where !bytes.isEmpty {
            switch number(8) {
            case 0, 1, 2: bytes[number(bytes.count)] = UInt8(number(256))
            case 3: bytes.insert(pick(Array("\r\n \"\\9é".utf8)), at: number(bytes.count))
            case 4: bytes.remove(at: number(bytes.count))
            default: bytes = changingLines(bytes)
            }
        }
        return bytes
    }

    private mutating func changingLines(_ bytes: [UInt8]) -> [UInt8] {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
        let place = number(lines.count)
        switch number(6) {
        case 0: lines.remove(at: place)
        case 1: lines.insert(lines[place], at: number(lines.count))
        case 2: lines[place] += Array(repeating: 0x20, count: number(9))
        case 3: lines[place].removeLast(min(number(30), lines[place].count))
        case 4:
            lines.insert(Array(repeating: pick([0x20, 0x39]), count: pick([0, 3, 94])), at: place)
        default: lines[place].append(0x0D)
        }
        return Array(lines.joined(separator: [0x0A]))
    }
}
