import Testing

@Suite("The catalogue of faults")
struct FaultRowTests {
    /// The rows whose outcome this system claims, for posting sets, payments and Nacha files.
    static let claimed = [
        "A-10", "C-01", "C-02", "C-03", "C-04", "C-06", "C-07", "C-08", "C-10", "C-12", "C-13",
        "C-14",
        "D-01", "D-02", "D-03", "D-04", "D-05", "D-06", "D-07", "D-08", "D-09", "F-01", "F-02",
        "F-05", "F-06", "I-01", "I-02",
        "I-03", "I-04", "I-05", "I-06", "I-07", "I-08", "I-10", "M-01", "M-02", "M-03", "M-04",
        "M-05",
        "M-06", "M-09", "M-10", "T-01", "T-02", "T-06", "T-08",
    ]

    @Test("Every row that is claimed has a test that names it")
    func named() throws {
        var unnamed = Set(Self.claimed)
        for file in try Repository.files("Tests") where !file.path.hasSuffix("FaultRowTests.swift")
        {
            unnamed = unnamed.filter { !file.holds($0) }
        }
        #expect(unnamed.isEmpty, "\(unnamed.sorted())")
    }
}
