internal import Foundation
internal import Supervision

/// A file of `NAME=value` lines, unquoted; empty lines and lines that begin with `#` count for nothing.
package struct EnvironmentFile: Sendable, Hashable {
    package let path: String
    package let values: [String: String]

    /// Reads a file; nil where there is none.
    package init?(path: String) throws {
        guard let bytes = try PrivateFile.read(path) else { return nil }
        self.path = path
        values = Self.parse(String(decoding: bytes, as: UTF8.self))
    }

    /// The `.bursar/demo.env` of a folder or the nearest one above it.
    package static func nearest(to directory: String) throws -> EnvironmentFile? {
        var folder = StateFolder(directory).path
        while true {
            if let file = try EnvironmentFile(path: folder + "/.bursar/demo.env") { return file }
            guard folder.count > 1, let slash = folder.lastIndex(of: "/") else { return nil }
            folder = String(folder[..<slash])
        }
    }

    static func parse(_ text: String) -> [String: String] {
        var values: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            values[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
        return values
    }

    /// The text of such a file, its lines in the order given.
    package static func text(_ lines: [(String, String)]) -> String {
        lines.map { "\($0.0)=\($0.1)\n" }.joined()
    }
}
