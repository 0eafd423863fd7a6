@testable import Nacha

/// A Nacha file as lines that a test changes, counted from 1 as diagnostics do.
struct NachaText: Sendable, Hashable {
    var lines: [[UInt8]]
    var lineEnd = FileForm.LineEnd.lineFeed
    /// Whether the last line has its end too.
    var endsWithLineEnd = true

    /// The lines of a file that ends them with line feeds.
    init(_ bytes: [UInt8]) {
        lines = bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) }
    }

    /// A sample file.
    init(_ options: SampleOptions, seed: UInt64 = 1) throws {
        var bytes: [UInt8] = []
        try SampleFile.write(options, seed: seed) { bytes += $0 }
        self.init(bytes)
    }

    var bytes: [UInt8] {
        let bytes = Array(lines.joined(separator: lineEnd.bytes))
        return endsWithLineEnd && !lines.isEmpty ? bytes + lineEnd.bytes : bytes
    }

    static let filler = [UInt8](repeating: UInt8(ascii: "9"), count: 94)

    /// The type of a line's record: its first character.
    func type(_ line: Int) -> UInt8 { lines[line - 1].first ?? UInt8(ascii: " ") }

    /// Characters of a line, from and to a position counted from 1.
    func text(_ line: Int, _ from: Int, _ to: Int) -> String {
        String(decoding: lines[line - 1][(from - 1)..<to], as: UTF8.self)
    }

    /// Digits of a line as a number.
    func number(_ line: Int, _ from: Int, _ to: Int) -> Int { Int(text(line, from, to)) ?? 0 }

    /// Writes characters over those of a line.
    mutating func write(_ text: String, _ line: Int, at position: Int) {
        lines[line - 1].replaceSubrange(
            (position - 1)..<(position - 1 + text.utf8.count),
            with: text.utf8
        )
    }

    /// Writes one character over a stretch of a line.
    mutating func fill(_ character: Swift.Character, _ line: Int, _ from: Int, _ to: Int) {
        write(String(repeating: character, count: to - from + 1), line, at: from)
    }

    /// Writes a number with zeros before it; of one that is too long the last digits.
    mutating func write(_ number: Int, _ line: Int, _ from: Int, _ to: Int) {
        let width = to - from + 1
        let digits = String(repeating: "0", count: width) + String(number)
        write(String(digits.suffix(width)), line, at: from)
    }

    /// Changes one digit to the next one.
    mutating func count(_ line: Int, at position: Int) {
        write((number(line, position, position) + 1) % 10, line, position, position)
    }

    mutating func remove(_ line: Int) { lines.remove(at: line - 1) }

    /// Puts a copy of a line, or other characters, where another line stands, which moves on.
    mutating func insert(_ bytes: [UInt8], at line: Int) { lines.insert(bytes, at: line - 1) }

    mutating func swap(_ one: Int, _ other: Int) { lines.swapAt(one - 1, other - 1) }

    /// Makes the number of lines a multiple of ten again.
    mutating func fillBlocks() {
        while let last = lines.last, last == Self.filler { lines.removeLast() }
        while lines.count % 10 != 0 { lines.append(Self.filler) }
    }

    /// What the reader says of it.
    func report(_ profile: Profile = .strict) -> FileReport { FileReport(of: bytes, profile) }

    /// The kind that the reader takes each line for.
    func kinds() -> [RecordKind] {
        var kinds: [RecordKind] = []
        var reader = FileReader(profile: .strict) { kinds.append($1.kind) }
        reader.read(bytes)
        _ = reader.finish()
        return kinds
    }
}

extension FileReport {
    /// What a reader says of bytes that it is given at once, or in chunks of a size.
    init(of bytes: [UInt8], _ profile: Profile = .strict, chunk: Int = .max) {
        var reader = FileReader(profile: profile)
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                reader.read(UnsafeRawBufferPointer(rebasing: rest.prefix(chunk)))
                rest = rest.dropFirst(chunk)
            }
        }
        self = reader.finish()
    }

    /// Where everything lies that was found.
    var places: [String] { diagnostics.map(\.place) }

    var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
}

extension Diagnostic {
    /// Rule, severity, line and positions: `entryCheckDigit error 3:12-12`.
    var place: String { "\(rule) \(severity) \(line):\(from)-\(to)" }
}
