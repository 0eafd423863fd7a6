import BatchRules
import Identity
import Testing

private func caller(_ account: String, _ sources: Set<ByteText>, _ scopes: Set<Scope>) -> Principal
{
    Principal(account: account, keyID: "k", tokenID: "t", scopes: scopes, sources: sources)
}

@Suite("Who sees what, and how it is cut into pages")
struct AccessAndPagingTests {
    static let owner = caller("a", ["XYZ"], [.postingBatchesWrite])
    static let colleague = caller("b", ["XYZ"], [.postingBatchesWrite])
    static let stranger = caller("c", ["ABC"], [.postingBatchesWrite])
    static let auditor = caller("d", [], [.auditRead])

    @Test(
        "A-08: the matrix of task and set visibility",
        arguments: [
            (owner, true, true), (colleague, false, true), (stranger, false, false),
            (auditor, true, true),
        ]
    )
    func matrix(who: Principal, task: Bool, set: Bool) {
        #expect(Visibility.showsTask(submittedBy: "a", to: who) == task)
        #expect(Visibility.showsSet(submittedBy: "a", sourceName: "XYZ", to: who) == set)
    }

    @Test("A1-22: history is that of the approved sources; an auditor's is everything")
    func history() {
        #expect(Visibility.history(of: Self.owner) == .only(["XYZ"]))
        #expect(Visibility.history(of: Self.auditor) == .all)
        #expect(Visibility.history(of: caller("e", [], [])) == .only([]))
        #expect(!Visibility.mayRead(caller("e", ["XYZ"], [.accountsRead])))
    }

    @Test("a continuation survives its encoding, and nothing else decodes")
    func continuation() {
        let point = ContinuationPoint(
            newestAttempt: 7,
            below: .max,
            count: 12,
            pageSize: 100,
            parameters: ["source_name": ["A", "Ü"], "status": ["success"]]
        )
        let bytes = point.encoded()
        #expect(ContinuationPoint(encoded: bytes) == point)
        #expect(ContinuationPoint(encoded: Array(bytes.dropLast())) == nil)
        #expect(ContinuationPoint(encoded: []) == nil)
        #expect(ContinuationPoint(encoded: [1] + bytes.dropFirst()) == nil)
    }

    @Test("a continuation is followed with no filters or with its own")
    func sameFilters() {
        let point = ContinuationPoint(
            newestAttempt: 0,
            below: 0,
            count: 0,
            pageSize: 1,
            parameters: ["status": ["success"]]
        )
        #expect(PageRules.matches(point, given: [:]))
        #expect(PageRules.matches(point, given: ["status": ["success"]]))
        #expect(!PageRules.matches(point, given: ["status": ["failure"]]))
    }

    @Test(
        "A1-22: pagesize is 1 to 1,000",
        arguments: [
            ("1", 1), ("1000", 1_000), ("1e2", 100),
        ]
    )
    func pageSizes(text: String, size: Int) throws {
        #expect(try PageRules.size(text) == size)
    }

    @Test(
        "a pagesize outside the limits is refused",
        arguments: ["0", "1001", "-1", "x", "1.5", ""]
    )
    func badPageSizes(text: String) {
        #expect(throws: FilterFault.self) { try PageRules.size(text) }
    }
}
