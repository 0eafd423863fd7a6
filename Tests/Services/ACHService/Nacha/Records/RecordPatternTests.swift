@testable import Nacha
import Testing

@Suite("Patterns of records")
struct RecordPatternTests {
    static let layouts = RecordKind.allCases.compactMap(\.layout)

    /// The first character that a field allows, in every position.
    private func plainest(_ layout: RecordLayout) -> [UInt8] {
        layout.fields.flatMap { field -> [UInt8] in
            switch field.content {
            case .constant(let text): Array(text.utf8)
            case .digits: Array(repeating: 0x30, count: field.length)
            case .text, .blank: Array(repeating: 0x20, count: field.length)
            }
        }
    }

    private func allows(_ field: Field, _ position: Int, _ byte: UInt8) -> Bool {
        switch field.content {
        case .constant(let text): Array(text.utf8)[position - field.from] == byte
        case .digits: (0x30...0x39).contains(byte)
        case .text: (0x20...0x7E).contains(byte)
        case .blank: byte == 0x20
        }
    }

    @Test("A pattern takes at each position just what its field allows", arguments: layouts.indices)
    func everyPosition(_ index: Int) {
        let layout = Self.layouts[index]
        var record = Record(plainest(layout))
        #expect(record.withView { layout.pattern.fits($0) })
        let edges: [UInt8] = [
            0x00, 0x1F, 0x20, 0x2F, 0x30, 0x39, 0x3A, 0x58, 0x7E, 0x7F, 0x80, 0xFF,
        ]
        for field in layout.fields {
            for position in field.from...field.to {
                let before = record[position]
                for byte in edges {
                    record[position] = byte
                    let fits = record.withView { layout.pattern.fits($0) }
                    if fits == allows(field, position, byte) { continue }
                    Issue.record("\(layout.kind) takes \(byte) at \(position): \(fits)")
                }
                record[position] = before
            }
        }
    }

    @Test(
        "Every kind but the unknown has a layout whose fields cover its record under their own names"
    )
    func layoutsAreWhole() {
        #expect(Self.layouts.map(\.kind) == RecordKind.allCases.filter { $0 != .unknown })
        for layout in Self.layouts {
            #expect(Set(layout.fields.map(\.name)).count == layout.fields.count, "\(layout.kind)")
            #expect(layout.fields.map(\.length).reduce(0, +) == 94, "\(layout.kind)")
            for field in layout.fields {
                #expect(layout.field(field.name).from == field.from)
                #expect(layout.field(at: field.from).name == field.name)
                #expect(layout.field(at: field.to).name == field.name)
            }
        }
    }

    @Test(
        "A record reads as its kind by its first characters",
        arguments: [
            ("702", RecordKind.terminalAddenda), ("705", .paymentAddenda),
            ("710", .transactionAddenda),
            ("718", .correspondentAddenda), ("798C01", .changeAddenda),
            ("798C61", .refusedChangeAddenda),
            ("799R01", .returnAddenda), ("799R61", .dishonoredAddenda),
            ("799R70", .dishonoredAddenda),
            ("799R71", .contestedAddenda), ("799R77", .contestedAddenda),
            ("799R80", .returnAddenda),
            ("799r71", .returnAddenda), ("719", .unknown), ("7  ", .unknown), ("704", .unknown),
        ]
    )
    func kindsOfAddenda(_ text: String, _ kind: RecordKind) {
        #expect(Record(text.utf8).withView { RecordKind(addenda: $0) } == kind)
    }
}
