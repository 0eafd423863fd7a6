import Testing

/// The catalogue's rows that are claimed, from `fault-rows.txt`: what is claimed by a name that no
/// runner runs, or by a comment, is not claimed.
@Suite("The catalogue of faults")
struct FaultRowTests {
    @Test("Every row that is claimed has a test of its name in each place that it names")
    func named() throws {
        let proven: [Substring: Set<String>] = [
            "unit": try Self.swiftRows(),
            "integration": try Self.pythonRows("test_"),
            "thorough": try Self.pythonRows("campaign_"),
        ]
        let claims = try Self.claims()
        #expect(claims.count > 40)
        for claim in claims {
            #expect(!claim.places.isEmpty, "\(claim.row) names no place")
            for place in claim.places {
                let rows = try #require(proven[place], "\(place) is no place")
                #expect(rows.contains(claim.row), "\(claim.row) has no test in \(place)")
            }
        }
    }

    private static func claims() throws -> [(row: String, places: [Substring])] {
        try Repository.read("Tests/Repository/fault-rows.txt")
            .split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { line in
                let words = line.split(separator: " ")
                return (String(words[0]), Array(words.dropFirst()))
            }
    }

    /// Rows at the beginning of the names of tests that are not switched off.
    private static func swiftRows() throws -> Set<String> {
        var rows: Set<String> = []
        for file in try Repository.swift("Tests") where !file.path.contains("/Repository/") {
            for test in file.text.matches(of: /\n *@Test\(\s*"([^":]*):[^"]*"([^\n]*)/)
            where !test.output.2.contains(".disabled") {
                rows.formUnion(test.output.1.matches(of: /[A-Z]-\d\d/).map { String($0.output) })
            }
        }
        return rows
    }

    /// Rows in the names of the methods that `unittest` finds in files of this prefix.
    private static func pythonRows(_ prefix: String) throws -> Set<String> {
        var rows: Set<String> = []
        for file in try Repository.files("Tests/Integration")
        where file.path.hasPrefix("Tests/Integration/" + prefix) {
            for (number, line) in file.lines.enumerated() {
                guard line.hasPrefix("    def test_"), number > 0,
                    !file.lines[number - 1].contains("skip")
                else { continue }
                let name = line.uppercased().replacing("_", with: "-")
                rows.formUnion(name.matches(of: /-([A-Z]-\d\d)(?=-)/).map { String($0.output.1) })
            }
        }
        return rows
    }
}
