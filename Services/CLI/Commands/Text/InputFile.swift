internal import Foundation
internal import Supervision

/// A file that a person named on the command line.
enum InputFile {
    /// The whole file, or standard input for `-`.
    static func read(_ name: String) throws -> [UInt8] {
        if name == "-" { return try PrivateFile.readAll(STDIN_FILENO, named: "standard input") }
        guard let bytes = try PrivateFile.read(name) else {
            throw CommandFailure.trouble("\(name): no such file.")
        }
        return bytes
    }
}
