import Protocol
import Testing

@Suite("Shared/Protocol is the whole contract, and PROTOCOL.md says it")
struct ContractTests {
    private static let methods =
        BuiltInMethods.all + AuthMethods.all + BatchMethods.all + PaymentMethods.all
        + PostingMethods.all + LedgerPaymentMethods.all

    /// The cells of a table of PROTOCOL.md, by its heading and the first words of its head.
    private func table(under heading: String, head: String) throws -> [[String]] {
        let lines = try Repository.read("Shared/Protocol/PROTOCOL.md")
            .split(separator: "\n", omittingEmptySubsequences: false)
        let section = try #require(lines.firstIndex { $0 == heading })
        let start = try #require(lines[section...].firstIndex { $0.hasPrefix(head) })
        return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map
            {
                String($0).filter { $0 != " " && $0 != "`" }
            }
        }
    }

    @Test("Section 9 prints every status with its number, name and HTTP status")
    func statuses() throws {
        let printed = try table(under: "## 9. Status", head: "| code |").map {
            $0.prefix(3).map(\.self)
        }
        let wanted = RPCStatus.allCases.map {
            [String($0.rawValue), $0.name, String($0.httpStatus)]
        }
        #expect(printed == wanted)
    }

    @Test("Its table Retries prints what the code advises")
    func retries() throws {
        let printed = try table(under: "### Retries", head: "| status |")
        let wanted = RPCStatus.allCases.filter { $0 != .ok }.map { status in
            var error = RPCError(status, reason: "r", message: "m")
            error.processed = .no
            let untouched = error.retry
            error.processed = .maybe
            return [status.name, untouched.rawValue, error.retry.rawValue]
        }
        #expect(printed == wanted)
    }

    @Test("Every word of advice is explained")
    func advice() throws {
        let page = try Repository.read("Shared/Protocol/PROTOCOL.md")
        for advice in RetryAdvice.allCases { #expect(page.contains("\n* `\(advice.rawValue)`: ")) }
    }

    @Test("Section 10 prints the methods of every service")
    func builtIns() throws {
        let printed = try table(under: "## 10. Methods of every service", head: "| method |")
        #expect(printed.map(\.first) == BuiltInMethods.all.map(\.name))
    }

    @Test("A method has one name, and stands once in one table")
    func names() {
        let names = Self.methods.map(\.name)
        #expect(names.count > 60)
        #expect(Set(names).count == names.count)
    }

    @Test("No method is named by a literal outside the contract")
    func literals() throws {
        let names = Set(Self.methods.map(\.name))
        for file in try Repository.swift("Shared", "Services")
        where !file.path.hasPrefix("Shared/Protocol/") {
            let literals = file.text.matches(of: /"([a-z]+(?:\.[a-z_]+)+)"/).map {
                String($0.output.1)
            }
            let found = names.intersection(literals)
            #expect(found.isEmpty, "\(file.path) names \(found.sorted()) by a literal")
        }
    }

    @Test("What crosses a process has its shape in the contract")
    func shapes() throws {
        // A request is read by one of these calls, so that its type is named beside them.
        let reading = /\b(?:decode|decodeParams|decodeRequest)\(\s*\[?([A-Z]\w*)\]?\.self/
        let declared = try Repository.swift("Services").flatMap { file in
            file.text.matches(of: /(?:struct|class|enum) (\w+)[^{\n]*\b(?:Decodable|Codable)\b/)
                .map { (name: $0.output.1, path: file.path) }
        }
        let local = Dictionary(declared.map { ($0.name, $0.path) }) { first, _ in first }
        for file in try Repository.swift("Services") where file.holds(".self") {
            for name in file.text.matches(of: reading).map(\.output.1) {
                let path = local[name]
                #expect(path == nil, "\(file.path) reads \(name), which stands in \(path ?? "")")
            }
        }
    }
}
