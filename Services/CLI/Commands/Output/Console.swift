internal import ArgumentParser
internal import Foundation
internal import Supervision

/// Standard output and standard error.
package enum Console {
    /// Whether a person watches standard error.
    package static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

    /// Prints a line for people or programs that read the command's result.
    package static func print(_ text: String) throws { try write(Array((text + "\n").utf8)) }

    /// Writes bytes as they are, and a line end where they have none.
    package static func writeDocument(_ bytes: [UInt8]) throws {
        try write(bytes)
        if bytes.last != UInt8(ascii: "\n") { try write([UInt8(ascii: "\n")]) }
    }

    /// Writes bytes as they are; a reader that has seen enough (`head`) ends the command well.
    package static func write(_ bytes: [UInt8]) throws {
        do throws(SystemFailure) {
            try PrivateFile.writeAll(bytes, to: STDOUT_FILENO, named: "standard output")
        } catch {
            if error.code == EPIPE { throw ExitCode.success }
            throw error
        }
    }

    /// Prints a line beside the result: progress, advice, errors; its loss harms nothing.
    package static func note(_ text: String) {
        writeAside(text + "\n")
    }

    /// Redraws the bottom line of standard error.
    package static func draw(_ text: String) {
        writeAside("\r\u{1B}[K" + text)
    }

    private static func writeAside(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Foundation.write(STDERR_FILENO, bytes, bytes.count)  // a closed terminal is no failure
    }
}
