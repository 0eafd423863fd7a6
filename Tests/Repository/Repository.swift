import Foundation

/// This repository as files on disk.
enum Repository {
    static let root: String = {
        let here = #filePath.split(separator: "/")
        return "/" + here.dropLast(3).joined(separator: "/")
    }()

    /// A text file and its path from the root.
    struct File: Sendable, CustomStringConvertible {
        let path: String
        let text: String
        let lines: [Substring]

        init(path: String) throws {
            self.path = path
            text = try read(path)
            lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        }

        var description: String { path }

        /// Whether the text holds these bytes; a search as strings takes a hundred times as long.
        func holds(_ wanted: String) -> Bool { strstr(text, wanted) != nil }
    }

    private static let endings: Set<String> = [
        "swift", "py", "sh", "c", "h", "cpp", "md", "json", "modulemap",
    ]

    /// Every text file under these folders, or of these names.
    static func files(_ places: String...) throws -> [File] {
        try places.flatMap { place in
            try paths(place).filter(isText).sorted().map { try File(path: $0) }
        }
    }

    /// Every Swift file under these folders.
    static func swift(_ places: String...) throws -> [File] {
        try places.flatMap { try files($0) }.filter { $0.path.hasSuffix(".swift") }
    }

    static func read(_ path: String) throws -> String {
        try String(contentsOfFile: root + "/" + path, encoding: .utf8)
    }

    static func isExecutable(_ path: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: root + "/" + path)
    }

    static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root + "/" + folder).sorted()
    }

    private static func paths(_ place: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: root + "/" + place, isDirectory: &isFolder)
        else { throw CocoaError(.fileNoSuchFile) }
        guard isFolder.boolValue else { return [place] }
        return try names(in: place).filter { !$0.hasPrefix(".") && $0 != "__pycache__" }
            .flatMap { try paths(place + "/" + $0) }
    }

    private static func isText(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: ".") else { return true }
        return endings.contains(String(name[name.index(after: dot)...]))
    }
}
