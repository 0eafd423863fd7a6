import Nacha
import NachaJSON
import Testing

@Suite("A spoiled document is refused, or read as what it says")
struct SpoiledDocumentTests {
    private static let parts = [
        "\"", "{", "}", "[", "]", ",", ":", "null,", "true", "1", "-1.5e3", "\\u0041", "\\",
        "\"kind\":\"addenda_98\",", "\"record\":\"6\",", "\"type\":\"99\",", "\"build\":true,",
        "\"routing_number\":\"021000021\",",
    ]

    @Test("Parts put in anywhere, and behind any comma", arguments: 0..<20 as Range<UInt64>)
    func spoiled(seed: UInt64) throws {
        var mutator = Mutator(seed: seed)
        var options = mutator.pick(Documents.samples)
        options.batchCount = 1
        options.entriesPerBatch = 2
        let file = try SampleFile.make(options, seed: seed)
        let document = file.json(isMasked: false)
        for _ in 0..<50 {
            var text = document
            var place = mutator.pick(Array(text.indices))
            if mutator.pick([true, true, false]) {
                place = text[place...].firstIndex(of: UInt8(ascii: ",")).map { $0 + 1 } ?? place
            }
            text.insert(contentsOf: Array(mutator.pick(Self.parts).utf8), at: place)
            do throws(DocumentFaults) {
                let file = try NachaFile(json: text)
                #expect(try NachaFile(json: file.json(isMasked: false)).bytes == file.bytes)
            } catch {
                #expect(!error.faults.isEmpty)
            }
        }
    }
}
