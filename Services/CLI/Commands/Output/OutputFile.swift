internal import Foundation
internal import Supervision

/// A file that appears under its name when it is complete, and not at all where something fails.
///
/// It is written beside its place, readable to its owner alone, brought to disk and then renamed: a
/// crash leaves the old file or the new one. What goes to standard output (`-`) waits in a file
/// without a name until it is complete, so that nobody reads half of what is refused in the end.
final class OutputFile {
    private let name: String
    private let draft: String
    private let file: Int32
    private var isInPlace = false

    init(_ name: String) throws(SystemFailure) {
        self.name = name
        if name == "-" {
            var path = Array((NSTemporaryDirectory() + "/bursar.XXXXXX").utf8CString)
            file = mkstemp(&path)
            draft = "a temporary file"
            if file >= 0 { unlink(path) }
        } else {
            draft = "\(name).\(getpid()).part"
            file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        }
        guard file >= 0 else { throw SystemFailure("writing \(draft)") }
    }

    func write(_ bytes: [UInt8]) throws(SystemFailure) {
        try PrivateFile.writeAll(bytes, to: file, named: draft)
    }

    /// Puts the file in its place.
    func commit() throws {
        if name == "-" { return try print() }
        guard fsync(file) == 0 else { throw SystemFailure("writing \(draft) to disk") }
        guard rename(draft, name) == 0 else { throw SystemFailure("putting \(name) in place") }
        isInPlace = true
    }

    private func print() throws {
        guard lseek(file, 0, SEEK_SET) == 0 else { throw SystemFailure("reading \(draft)") }
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(file, &piece, piece.count)
            if count == 0 { return }
            if count > 0 {
                try Console.write(Array(piece[..<count]))
            } else if errno != EINTR {
                throw SystemFailure("reading \(draft)")
            }
        }
    }

    deinit {
        close(file)
        if name != "-", !isInPlace { unlink(draft) }
    }
}
