internal import Foundation
internal import Logging

/// Reads single variables and gathers what is wrong with them.
struct ConfigurationReader {
    /// Longest code that posting-service's reference data may hold, in bytes.
    private static let maximumCodeBytes = 64
    private static let maximumPathBytes = 1_024

    private let settings: [String: String]
    private(set) var problems: [ConfigurationError.Problem] = []

    init(_ environment: [String: String]) {
        settings = environment.filter { $0.key.hasPrefix("BURSAR_") && !$0.value.isEmpty }
    }

    mutating func report(_ variable: String, _ value: String, _ remedy: String) {
        let problem = ConfigurationError.Problem(
            variable: variable,
            value: String(value.prefix(200)),
            remedy: remedy
        )
        if !problems.contains(problem) { problems.append(problem) }
    }

    mutating func integer(
        _ variable: String,
        default fallback: Int,
        within range: ClosedRange<Int>,
        unit: String
    ) -> Int {
        guard let text = settings[variable] else { return fallback }
        guard let value = Int(text), range.contains(value) else {
            report(
                variable,
                text,
                "give a whole number of \(unit) from \(range.lowerBound) to \(range.upperBound), "
                    + "or leave it out for \(fallback)"
            )
            return fallback
        }
        return value
    }

    mutating func port(_ variable: String, default fallback: Int) -> Int {
        guard let text = settings[variable] else { return fallback }
        guard let value = Int(text), (0...65_535).contains(value) else {
            report(
                variable,
                text,
                "give a port from 1 to 65535, 0 for a free one, or leave it out for \(fallback)"
            )
            return fallback
        }
        return value
    }

    mutating func address(_ variable: String, default fallback: String) -> String {
        guard let text = settings[variable] else { return fallback }
        guard Self.isHost(text) else {
            report(
                variable,
                text,
                "give an address or a host name without a port, or leave it out for \(fallback)"
            )
            return fallback
        }
        return text
    }

    /// `host:port` or `[IPv6]:port`.
    mutating func endpoint(
        _ variable: String,
        default fallback: Configuration.Endpoint
    ) -> Configuration.Endpoint {
        guard let text = settings[variable] else { return fallback }
        let colon = text.lastIndex(of: ":")
        var host = colon.map { String(text[..<$0]) } ?? ""
        let port = colon.flatMap { Int(text[text.index(after: $0)...]) }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            host = ""
        }
        guard Self.isHost(host), let port, (1...65_535).contains(port) else {
            report(
                variable,
                text,
                "give host:port, for example \(fallback.host):\(fallback.port)"
            )
            return fallback
        }
        return Configuration.Endpoint(host: host, port: port)
    }

    mutating func directory(_ variable: String, default fallback: String) -> String {
        let path = settings[variable] ?? fallback
        guard !path.utf8.contains(0), path.utf8.count <= Self.maximumPathBytes else {
            report(variable, path, "give the path of a folder of at most 1,024 bytes")
            return fallback
        }
        let current = FileManager.default.currentDirectoryPath
        let absolute = path.hasPrefix("/") ? path : current + "/" + path
        return absolute.count > 1 && absolute.hasSuffix("/")
            ? String(absolute.dropLast()) : absolute
    }

    mutating func timeZone(_ variable: String, default fallback: String) -> TimeZone {
        let name = settings[variable] ?? fallback
        guard let zone = TimeZone(identifier: name) else {
            report(
                variable,
                name,
                "give a zone of the IANA database, for example America/New_York or UTC, and see "
                    + "that the machine has that database (package tzdata)"
            )
            return .gmt
        }
        return zone
    }

    mutating func logLevel(_ variable: String, default fallback: Logger.Level) -> Logger.Level {
        guard let text = settings[variable] else { return fallback }
        guard let level = Logger.Level(rawValue: text.lowercased()) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            report(variable, text, "give one of \(levels)")
            return fallback
        }
        return level
    }

    /// Host names behind commas, or `*`; none where the variable is left out.
    mutating func hosts(_ variable: String) -> [String] {
        let text = settings[variable] ?? ""
        let names = text.split(separator: ",").map(String.init)
        guard names.allSatisfy({ $0 == "*" || $0.hasPrefix("[") || Self.isHost($0) }) else {
            report(variable, text, "give host names without ports, separated by commas, or *")
            return []
        }
        return names
    }

    mutating func flag(_ variable: String) -> Bool {
        guard let text = settings[variable], text != "0" else { return false }
        if text != "1" { report(variable, text, "give 1 for yes, or leave it out for no") }
        return text == "1"
    }

    /// A code of reference data, for example of a GL account.
    mutating func code(_ variable: String, default fallback: String) -> String {
        guard let text = settings[variable] else { return fallback }
        guard text.utf8.count <= Self.maximumCodeBytes,
            text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }),
            text.utf8.first != 0x20, text.utf8.last != 0x20
        else {
            report(
                variable,
                text,
                "give a code of at most \(Self.maximumCodeBytes) printable ASCII characters without "
                    + "blanks at its ends, or leave it out for \(fallback)"
            )
            return fallback
        }
        return text
    }

    mutating func path(_ variable: String) -> String? {
        guard let path = settings[variable] else { return nil }
        guard !path.utf8.contains(0), path.utf8.count <= Self.maximumPathBytes else {
            report(variable, path, "give the path of a file of at most 1,024 bytes")
            return nil
        }
        return path
    }

    private static func isHost(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 253
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                    UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "%"):
                    true
                default:
                    false
                }
            }
    }
}
