import Testing

@testable import Nacha

@Suite("Records with the wrong type code, and files that were cut off")
struct MistypedRecordTests {
    /// Every other type that a record may be given by mistake.
    private static let types: [UInt8] = Array("156789X0".utf8)

    @Test(
        "A record whose first character alone is wrong is one fault, and nothing of it is missed",
        arguments: [StandardEntryClass.ppd, .ccd, .ctx, .web, .iat]
    )
    func entries(entryClass: StandardEntryClass) throws {
        let options = SampleOptions(entryClass, batchCount: 2, entriesPerBatch: 3, addenda: .all)
        let sample = try NachaText(options)
        for line in 1...sample.lines.count where sample.lines[line - 1].first == 0x36 {
            for type in Self.types where type != 0x36 && type != 0x35 && type != 0x37 {
                var text = sample
                text.lines[line - 1][0] = type
                #expect(text.report().places == ["recordType error \(line):1-1"], "\(line) \(type)")
            }
        }
    }

    @Test("A file that was cut off between two records is one fault")
    func cutOff() throws {
        let sample = try NachaText(SampleOptions(.ccd, entriesPerBatch: 3, addenda: .all))
        let control = try #require(sample.lines.firstIndex { $0.first == 0x38 })
        for count in 3...control {
            var text = sample
            text.lines = Array(sample.lines[..<count])
            let places = text.report().places
            #expect(places == ["batchControlMissing error \(count + 1):1-94"], "\(count) lines")
        }
    }

    @Test("A header or control that is too long is one fault", arguments: [1, 2])
    func tooLong(line: Int) throws {
        var text = try NachaText(SampleOptions(.ppd, entriesPerBatch: 3))
        text.lines[line - 1].insert(0x58, at: 30)
        let places = text.report().places
        #expect(places.count == 1)
        #expect(places.first?.contains(" \(line):95-95") ?? false)
    }
}
