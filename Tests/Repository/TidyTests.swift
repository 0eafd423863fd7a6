import Testing

@Suite("The repository is tidy")
struct TidyTests {
    @Test("The top level holds the house and nothing else")
    func topLevel() throws {
        let allowed: Set = [
            "Package.swift", "Package.resolved", "README.md", "Services", "Shared", "Tests",
            "deploy",
        ]
        for name in try Repository.names(in: "") where !name.hasPrefix(".") {
            #expect(allowed.contains(name), "\(name)")
        }
    }

    @Test("Every service tells in its README what it owns and promises")
    func serviceReadmes() throws {
        for service in try Repository.names(in: "Services") where service != "README.md" {
            let text = try Repository.read("Services/\(service)/README.md")
            #expect(text.count > 500, "Services/\(service)/README.md")
        }
    }

    @Test("No file names a path of somebody's machine, and nothing is left to do later")
    func noLeftovers() throws {
        // Written in pieces, so that this file does not hold what it looks for.
        let unwanted = [
            "TO" + "DO", "FIX" + "ME", "HA" + "CK", "/ho" + "me/", "/ro" + "ot/",
            "/wo" + "rk/", "/opt/sw" + "ift",
        ]
        for file in try Repository.files("Shared", "Services", "Tests", "deploy", "README.md") {
            for text in unwanted { #expect(!file.text.contains(text), "\(file.path)") }
        }
    }

    @Test("Files are of one idea: half of them within 120 lines, none over 500")
    func sizes() throws {
        let files = try Repository.swift("Shared", "Services")
        let sizes = files.map(\.lines.count).sorted()
        #expect(sizes[sizes.count / 2] <= 120)
        for file in files { #expect(file.lines.count <= 500, "\(file.path)") }
    }

    @Test("Every type that other modules see says what it is")
    func documentedTypes() throws {
        for file in try Repository.swift("Shared", "Services") {
            for (number, line) in file.lines.enumerated() where Self.declaresType(line) {
                let before = file.lines[..<number].last {
                    !$0.drop(while: { $0 == " " }).hasPrefix("@")
                }
                let isDocumented = before?.drop(while: { $0 == " " }).hasPrefix("///") == true
                #expect(isDocumented, "\(file.path):\(number + 1)")
            }
        }
    }

    private static func declaresType(_ line: Substring) -> Bool {
        guard line.hasPrefix("package ") || line.hasPrefix("public ") else { return false }
        let kinds = /^\w+ (?:final |indirect )?(?:struct|class|enum|actor|protocol)\b/
        return line.firstMatch(of: kinds) != nil
    }

    @Test("Every script runs by itself and stops at the first fault")
    func scripts() throws {
        for file in try Repository.files("deploy", ".ci/run", "Tests/Integration")
        where file.lines.first == "#!/usr/bin/env bash" {
            #expect(Repository.isExecutable(file.path), "\(file.path)")
            #expect(file.lines.contains("set -euo pipefail"), "\(file.path)")
        }
    }
}
