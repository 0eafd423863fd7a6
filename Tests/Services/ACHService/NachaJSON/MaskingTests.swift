import Nacha
import NachaJSON
import Testing

@Suite("A masked document tells no account and no name")
struct MaskingTests {
    /// Begins every private value, and nothing else.
    private static let mark = "~Q7"

    @Test("No private value of any class is in it", arguments: Documents.samples)
    func everyClass(options: SampleOptions) throws {
        var file = try SampleFile.make(options, seed: 4)
        for batch in file.batches.indices {
            let kind =
                file.batches[batch].headerKind == .internationalBatchHeader
                ? RecordKind.internationalEntry
                : RecordKind(entriesOf: file.batches[batch].entryClass)
            for entry in file.batches[batch].entries.indices {
                mark(&file.batches[batch].entries[entry].record, kind)
                for addenda in file.batches[batch].entries[entry].addenda.indices {
                    let kind = file.batches[batch].entries[entry].addenda[addenda].kind
                    mark(&file.batches[batch].entries[entry].addenda[addenda].record, kind)
                }
            }
        }
        let json = file.json(isMasked: true)
        #expect(json.contains(Array("****".utf8)))
        #expect(!json.contains(Array(Self.mark.utf8)))
        #expect(file.json(isMasked: false).contains(Array(Self.mark.utf8)))
        #expect(Documents.streamed(file.bytes, isMasked: true).json == json)
    }

    private func mark(_ record: inout Record, _ kind: RecordKind) {
        let length = Self.mark.utf8.count
        for field in kind.layout?.fields ?? []
        where field.privacy != .open && field.length >= length {
            let rest = String(repeating: "x", count: field.length - length)
            record.write(Self.mark + rest, field.from, field.to)
        }
    }

    @Test("Of an account the last four characters stay, of a short one and of a name nothing")
    func accounts() throws {
        var file = try SampleFile.make(SampleOptions(.ppd, entriesPerBatch: 1), seed: 1)
        for (account, shown) in [
            ("123456789", "*****6789"), ("12345", "*2345"), ("1234", "****"), ("1", "*"),
            ("  98", "  **"), ("  123456", "  **3456"), ("", ""),
        ] {
            file.batches[0].entries[0].record.write(account, 13, 29)
            file.batches[0].entries[0].record.write("JANE Q DOE", 55, 76)
            let text = String(decoding: file.json(isMasked: true), as: UTF8.self)
            #expect(text.contains("\"account_number\":\"\(shown)\""))
            #expect(text.contains("\"receiver_name\":\"**** * ***\""))
        }
    }

    @Test("A record whose fields are not what they should be shows nothing of them")
    func shiftedRecord() throws {
        let lines = try Documents.sample().split(separator: "\n").map { line in
            line.hasPrefix("6") ? line.prefix(5) + "X" + line.dropFirst(5).dropLast() : line
        }
        let bytes = Array(lines.joined(separator: "\n").utf8)
        let text = String(decoding: Documents.streamed(bytes, isMasked: true).json, as: UTF8.self)
        #expect(text.contains("\"transaction_code\":\"**\""))
        #expect(text.contains("\"amount_minor_units\":null"))
        #expect(!text.contains("\"record\""))
    }

    @Test("Odd lines show how long they are and no more")
    func oddLines() throws {
        let text = try Documents.sample().changing("\n6", to: "\nACCOUNT 123456789\n6")
        let json = Documents.streamed(Array(text.utf8), isMasked: true).json
        #expect(!json.contains(Array("123456789".utf8)))
        #expect(
            String(decoding: json, as: UTF8.self).contains("\"holds_record\":false,\"length\":18")
        )
    }

    @Test("No file is read from it")
    func isRefused() throws {
        let file = try SampleFile.make(SampleOptions(.ctx), seed: 1)
        let faults = Documents.faults(String(decoding: file.json(isMasked: true), as: UTF8.self))
        #expect(faults.map(\.code) == [.masked])
        #expect(faults.first?.pointer == "/masked")
        #expect(faults.first?.remedy.contains("--reveal") == true)
    }
}

extension Sequence<UInt8> {
    /// Whether these bytes stand somewhere in the sequence.
    fileprivate func contains(_ part: [UInt8]) -> Bool {
        let bytes = Array(self)
        guard bytes.count >= part.count else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            (0...(bytes.count - part.count)).contains { start in
                bytes[start] == part[0] && bytes[start..<(start + part.count)].elementsEqual(part)
            }
        }
    }
}
