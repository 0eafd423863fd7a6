import Testing

/// Names, codes and ids are compared by bytes (contract A1-26): where something is decided, they are
/// keys and operands as `ByteText`, as `String` compares by Unicode equivalence.
@Suite("Names are compared by bytes")
struct NameComparisonTests {
    private static let folders = [
        "Shared/Identity", "Shared/AccessRules", "Shared/ServiceRuntime/Access",
        "Shared/ServiceStore", "Services/AuthService/Service", "Services/BatchService/BatchRules",
        "Services/BatchService/PaymentBatches", "Services/BatchService/Service",
        "Services/PostingService/LedgerRules", "Services/PostingService/Bookkeeping",
        "Services/PostingService/Students", "Services/PostingService/Service",
    ]

    /// Collections of words that this code made up itself: members, columns, query parameters.
    private static let ownWords = [
        "memberNames", "names", "asked", "repeated", "known", "filters", "parameters", "given",
        "values", "unusedProperties", "members", "transactionIDs", "metadata", "TokenDocument",
    ]

    /// The last word of an expression that is a name, code or id.
    private static let names =
        "username|accountID|sourceName|detailCode|glAccount|department|createdBy|closedBy|keyID"
        + "|tokenID|idempotencyKey"

    @Test("No dictionary or set in the code that decides has names as String keys")
    func keys() throws {
        for file in try Repository.swift("Shared", "Services") where Self.decides(file) {
            for (number, line) in file.lines.enumerated() where Self.isCode(line) {
                guard line.contains("Set<String>") || line.contains("[String: ") else { continue }
                let isOwn = Self.ownWords.contains { line.contains($0) }
                #expect(isOwn, "\(file.path):\(number + 1): use ByteText")
            }
        }
    }

    @Test("No name is compared as a String in the code that decides")
    func operands() throws {
        let left = try Regex("\\b(\(Self.names))\\??\\)? (==|!=) (?!nil)")
        let right = try Regex("(==|!=) (?:[\\w$][\\w.?$]*\\.)?(\(Self.names))\\b")
        for file in try Repository.swift("Shared", "Services") where Self.decides(file) {
            for (number, line) in file.lines.enumerated() where Self.isCode(line) {
                guard line.contains("==") || line.contains("!=") else { continue }
                let hit = line.firstMatch(of: left) != nil || line.firstMatch(of: right) != nil
                #expect(
                    !hit || line.contains("ByteText("),
                    "\(file.path):\(number + 1): use ByteText"
                )
            }
        }
    }

    private static func decides(_ file: Repository.File) -> Bool {
        folders.contains { file.path.hasPrefix($0 + "/") }
    }

    private static func isCode(_ line: Substring) -> Bool {
        !line.drop { $0 == " " }.hasPrefix("//")
    }
}
