internal import Logging

/// One line of the log while it is being written.
struct LogLine {
    /// Longer values are cut, so that no input can fill the disk with one line.
    static let maximumValueBytes = 2_048
    private static let reserved: Set<String> = ["ts", "level", "logger", "message"]
    private static let digits = Array("0123456789abcdef".utf8)

    private var bytes: [UInt8] = []

    init(time: String, level: String, label: String, message: String) {
        bytes.reserveCapacity(256)
        bytes.append(UInt8(ascii: "{"))
        field("ts", time)
        field("level", level)
        field("logger", label)
        field("message", Redaction.scrub(message))
    }

    mutating func add(_ key: String, _ value: Logger.Metadata.Value) {
        let name = Self.reserved.contains(key) ? "_" + key : key
        if Redaction.isSecret(key) {
            field(name, Redaction.mark)
        } else {
            separate()
            text(name)
            bytes.append(UInt8(ascii: ":"))
            append(value, depth: 0)
        }
    }

    /// The line with its newline.
    func finish() -> [UInt8] { bytes + [UInt8(ascii: "}"), UInt8(ascii: "\n")] }

    private mutating func separate() {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func field(_ name: String, _ value: String) {
        separate()
        text(name)
        bytes.append(UInt8(ascii: ":"))
        text(value)
    }

    private mutating func append(_ value: Logger.Metadata.Value, depth: Int) {
        switch value {
        case .string(let string):
            text(Redaction.scrub(string))
        case .stringConvertible(let convertible):
            append(convertible: convertible)
        case .array(let values) where depth < 4:
            list(values, between: "[", "]") { $0.append($1, depth: depth + 1) }
        case .dictionary(let values) where depth < 4:
            list(values.sorted { $0.key < $1.key }, between: "{", "}") { line, pair in
                line.text(pair.key)
                line.bytes.append(UInt8(ascii: ":"))
                if Redaction.isSecret(pair.key) {
                    line.text(Redaction.mark)
                } else {
                    line.append(pair.value, depth: depth + 1)
                }
            }
        case .array, .dictionary:
            text("…")
        }
    }

    private mutating func append(convertible value: any CustomStringConvertible & Sendable) {
        switch value {
        case let number as any FixedWidthInteger:
            bytes.append(contentsOf: String(describing: number).utf8)
        case let flag as Bool:
            bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        default:
            text(Redaction.scrub(value.description))
        }
    }

    private mutating func list<Element>(
        _ values: [Element],
        between open: Unicode.Scalar,
        _ close: Unicode.Scalar,
        _ write: (inout LogLine, Element) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        for (index, value) in values.prefix(100).enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(&self, value)
        }
        bytes.append(UInt8(ascii: close))
    }

    /// A JSON string without any character that a reader of lines or a terminal acts upon: C0, C1,
    /// DEL, the line and paragraph separators and the marks that turn the direction of writing.
    private mutating func text(_ string: String) {
        bytes.append(UInt8(ascii: "\""))
        var written = 0
        for scalar in string.unicodeScalars {
            guard written < Self.maximumValueBytes else {
                bytes.append(contentsOf: "…".utf8)
                break
            }
            let start = bytes.count
            append(scalar)
            written += bytes.count - start
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x22: bytes.append(contentsOf: #"\""#.utf8)
        case 0x5C: bytes.append(contentsOf: #"\\"#.utf8)
        case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
        case 0x0D: bytes.append(contentsOf: #"\r"#.utf8)
        case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
        case 0..<0x20, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
            bytes.append(contentsOf: #"\u"#.utf8)
            for shift in [12, 8, 4, 0] as [UInt32] {
                bytes.append(Self.digits[Int(scalar.value >> shift & 15)])
            }
        default:
            bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }
}
