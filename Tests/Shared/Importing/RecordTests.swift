import Money
import Testing

import Protocol
@testable import Importing

@Suite("Records of imported files")
struct RecordTests {
    private struct Drawer: Equatable {
        var id: Int64
        var name: String
        var limit: Amount?
    }

    private func read(
        _ text: String,
        _ format: ImportFormat
    ) -> (records: [Drawer], faults: [String]) {
        let (records, faults) = ImportTable.records(
            Array(text.utf8),
            format: format,
            columns: [
                ImportColumn(name: "id", isRequired: true),
                ImportColumn(name: "name", isRequired: true),
                ImportColumn(name: "limit", isRequired: false, isDecimal: true),
            ],
            key: (column: "id", of: { (drawer: Drawer) in String(drawer.id) })
        ) { row in
            let id = row.integer("id", required: true)
            let name = row.text("name", required: true)
            let limit = row.amount("limit")
            guard let id, let name else { return nil }
            return Drawer(id: id, name: name, limit: limit)
        }
        return (records.map(\.record), faults.map { "\($0.place.description): \($0.code)" })
    }

    @Test("CSV and JSON give the same records, amounts by their digits")
    func formats() {
        let expected = [
            Drawer(id: 15, name: "Vendor", limit: Amount(minorUnits: 5_000_010)),
            Drawer(id: 16, name: "Window 2", limit: nil),
        ]
        let csv = read("id,name,limit\n15,Vendor,50000.10\n16,Window 2,\n", .csv)
        #expect(csv.records == expected)
        let json = read(
            #"[{"id":15,"name":"Vendor","limit":50000.10},{"id":16,"name":"Window 2"}]"#,
            .json
        )
        #expect(json.records == expected)
        #expect(csv.faults + json.faults == [])
    }

    @Test("Every fault of a file is told at once, each with its place")
    func allFaults() {
        let read = read("id,name,limit\n0,,1.234\n7,A,\n7,B,x\n", .csv)
        #expect(
            read.faults == [
                "line 2, column 1: out_of_range", "line 2, column 3: missing",
                "line 2, column 4: malformed", "line 4, column 5: malformed",
                "line 4, column 1: repeated",
            ]
        )
    }

    @Test("A member that is missing is one fault, and a fraction is none of a whole number's forms")
    func missingAndFraction() {
        let read = read(#"[{"name":"A"},{"id":1.5,"name":"B"}]"#, .json)
        #expect(read.faults == ["/0/id: missing", "/1/id: wrong_type"])
    }

    @Test("A file of the wrong type is one fault", arguments: ["{}", "1", #"["a"]"#])
    func wrongType(text: String) {
        #expect(read(text, .json).faults.count == 1)
    }
}
