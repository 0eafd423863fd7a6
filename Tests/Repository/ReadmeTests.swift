import ArgumentParser
import BursarCommands
import Foundation
import Testing

@Suite("README.md says what is true")
struct ReadmeTests {
    /// The lines of its shell blocks, continued ones joined.
    private func commands() throws -> [String] {
        var commands: [String] = []
        var isCode = false
        var open = ""
        for line in try Repository.read("README.md").split(separator: "\n") {
            if line.hasPrefix("```") {
                isCode = line == "```sh"
            } else if isCode, line.hasSuffix("\\") {
                open += line.dropLast()
            } else if isCode {
                commands.append(open + line)
                open = ""
            }
        }
        return commands
    }

    @Test("Every script that it names is there and runs")
    func scripts() throws {
        let text = try Repository.read("README.md")
        let names = Set(text.matches(of: /deploy\/[a-z]+/).map(\.output))
        #expect(names.isSuperset(of: ["deploy/up", "deploy/test"]))
        for name in names where name != "deploy/demo" {
            #expect(Repository.isExecutable(String(name)), "\(name)")
        }
    }

    @Test("Every file that it points to is there")
    func links() throws {
        let text = try Repository.read("README.md")
        let links = text.matches(of: /\]\(([^)#:]+)\)/).map { String($0.output.1) }
        #expect(!links.isEmpty)
        for link in links { #expect(throws: Never.self) { try Repository.files(link) } }
    }

    @Test("bursar takes every command line that it shows")
    func commandLines() throws {
        let lines = try commands().compactMap { line in
            line.firstMatch(of: /(?:^|\s)(?:\.build\/release\/)?bursar ([^#]+)/).map {
                String($0.output.1)
            }
        }
        #expect(lines.count >= 5)
        for line in lines {
            #expect(throws: Never.self, "bursar \(line)") {
                try Bursar.parseAsRoot(ShellWords.split(line))
            }
        }
    }

    @Test(
        "Every file that a page for newcomers names is there",
        arguments: ["README.md", "Services/README.md"]
    )
    func links(page: String) throws {
        let folder = page.split(separator: "/").dropLast().map(String.init)
        let links = try Repository.read(page).matches(of: /\]\(([^)#:]+)\)/).map(\.output.1)
        #expect(links.count > 5)
        for link in links {
            var path = folder
            for step in link.split(separator: "/").map(String.init) {
                if step == ".." { _ = path.popLast() } else { path.append(step) }
            }
            let place = Repository.root + "/" + path.joined(separator: "/")
            #expect(FileManager.default.fileExists(atPath: place), "\(page) names \(link)")
        }
    }

    @Test("The page for newcomers answers its ten questions within two files each")
    func questions() throws {
        let rows = try Repository.read("Services/README.md").split(separator: "\n")
            .filter { $0.hasPrefix("| W") }
        #expect(rows.count == 10)
        for row in rows {
            let columns = row.split(separator: "|").dropFirst()
            #expect(columns.allSatisfy { !$0.allSatisfy(\.isWhitespace) }, "\(row)")
        }
    }

    @Test("Its table has every variable that a program reads, and no other")
    func variables() throws {
        let pattern = /BURSAR_[A-Z_]*[A-Z]/
        let readme = Set(try Repository.read("README.md").matches(of: pattern).map(\.output))
        var sources: Set<Substring> = []
        for file in try Repository.swift("Shared", "Services") where file.holds("\"BURSAR_") {
            let literals = file.text.matches(of: /"(BURSAR_[A-Z_]*[A-Z])"/)
            sources.formUnion(literals.map(\.output.1))
        }
        for file in try Repository.files("deploy/up", "deploy/down") {
            sources.formUnion(file.text.matches(of: pattern).map(\.output))
        }
        // Set by the supervisor for its own use.
        let inner: Set<Substring> = ["BURSAR_SUPERVISED", "BURSAR_BOOTSTRAP_ADMIN_KEY_FILE"]
        let missing = sources.subtracting(readme).subtracting(inner)
        #expect(missing.isEmpty, "\(missing.sorted()) are not in README.md")
        // Put together from the name of a service.
        let words: [Substring] = ["AUTH", "BATCH", "POSTING", "ACH", "GATEWAY", "EDGE"]
        let composed = words.flatMap { word -> [Substring] in
            ["BURSAR_\(word)", "BURSAR_\(word)_PORT", "BURSAR_\(word)_ADMIN_PORT"]
        }
        let unknown = readme.subtracting(sources).subtracting(composed)
        #expect(unknown.isEmpty, "\(unknown.sorted()) are read by nothing")
    }

    @Test("A service reads its environment in one place")
    func environment() throws {
        let services = try Repository.swift("Shared", "Services").filter {
            !$0.path.hasPrefix("Services/CLI/")
        }
        let readers = services.filter {
            $0.holds("ProcessInfo.processInfo.environment") || $0.holds("getenv(")
        }
        #expect(readers.map(\.path) == ["Shared/ServiceRuntime/Host/ServiceHost.swift"])
    }
}

/// A command line as a shell takes it apart, as far as README.md needs it: blanks, single quotes.
private enum ShellWords {
    static func split(_ line: String) -> [String] {
        let parts = line.split(separator: "'", omittingEmptySubsequences: false)
        return parts.enumerated().flatMap { index, part in
            index % 2 == 1 ? [String(part)] : part.split(separator: " ").map { String($0) }
        }
    }
}
