import Nacha
import Testing

@Suite("Masking")
struct MaskingTests {
    @Test(
        "Of an account number the last four characters stay, of a name none",
        arguments: [
            ("123456789        ", Field.Privacy.account, "*****6789        "),
            ("  12-3456        ", .account, "  ***3456        "),
            ("1234             ", .account, "****             "),
            ("                 ", .account, "                 "),
            ("ANNA MARIA", .name, "**** *****"), ("TUITION", .open, "TUITION"),
        ]
    )
    func values(value: String, privacy: Field.Privacy, shown: String) {
        #expect(Masking.mask(value, privacy) == shown)
    }

    @Test(
        "A masked record keeps its columns and shows no account number and no name",
        arguments: StandardEntryClass.allCases
    )
    func records(entryClass: StandardEntryClass) throws {
        let options = SampleOptions(entryClass, entriesPerBatch: 4, addenda: .all)
        let file = try SampleFile.make(options, seed: 3)
        for entry in file.batches.flatMap(\.entries) {
            let kind = RecordKind(entriesOf: entryClass)
            let text = Masking.mask(entry.record, kind)
            #expect(text.utf8.count == RecordView.length)
            for field in kind.layout?.fields ?? [] where field.privacy != .open {
                let value = entry.record.trimmedText(field.from, field.to)
                guard value.count > 4 else { continue }
                #expect(!text.contains(value), "\(entryClass) \(field.name)")
            }
        }
    }

    @Test("What may be no known record shows its first character alone")
    func unknown() {
        let record = Record("X27076401255123456789 and more".utf8)
        let text = Masking.mask(record, .unknown)
        #expect(text.hasPrefix("X******************** *** ****"))
    }
}
