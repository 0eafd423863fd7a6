internal import Foundation
internal import Supervision

/// A file that appears under its name when it is complete, and not at all where something fails.
///
/// It is written without a name where its name will be, readable to its owner alone; then it is brought
/// to disk and takes its name: a crash, or a signal, leaves the old file or the new one. What goes to
/// standard output (`-`), to a pipe or to a device waits in the same way until it is complete, so that
/// nobody reads half of what is refused in the end; such things are written to and never replaced.
final class OutputFile {
    private enum Target {
        case standardOutput
        /// Something that is no plain file: a pipe, a terminal, a device.
        case stream(String)
        /// The path where the file stands, links followed.
        case file(String)
    }

    private let name: String
    private let target: Target
    private let file: Int32

    init(_ name: String) throws(SystemFailure) {
        self.name = name
        target = try Self.target(name)
        let folder: String
        if case .file(let path) = target {
            folder = Self.folder(of: path)
        } else {
            folder = NSTemporaryDirectory()
        }
        // O_TMPFILE, which the header writes as a sum that Swift does not import.
        file = open(folder, 0o20_000_000 | O_DIRECTORY | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SystemFailure("writing \(name)") }
    }

    deinit { close(file) }

    private static func target(_ name: String) throws(SystemFailure) -> Target {
        if name == "-" { return .standardOutput }
        var status = stat()
        guard stat(name, &status) == 0 else { return .file(name) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: throw SystemFailure("writing \(name)", code: EISDIR)
        case S_IFREG:
            guard let path = realpath(name, nil) else { throw SystemFailure("writing \(name)") }
            defer { free(path) }
            return .file(String(cString: path))
        default: return .stream(name)
        }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    func write(_ bytes: [UInt8]) throws(SystemFailure) {
        try PrivateFile.writeAll(bytes, to: file, named: name)
    }

    /// Puts the file in its place, or hands its bytes on.
    func commit() throws {
        switch target {
        case .standardOutput: try copy { try Console.write($0) }
        case .stream(let path):
            let stream = open(path, O_WRONLY | O_CLOEXEC)
            guard stream >= 0 else { throw SystemFailure("writing \(path)") }
            defer { close(stream) }
            try copy { try PrivateFile.writeAll($0, to: stream, named: path) }
        case .file(let path): try take(path)
        }
    }

    private func take(_ path: String) throws(SystemFailure) {
        guard fsync(file) == 0 else { throw SystemFailure("writing \(name) to disk") }
        // A name can be given to a file without one only where nothing stands: give another, rename.
        let draft = "\(path).\(getpid()).part"
        unlink(draft)
        guard linkat(AT_FDCWD, "/proc/self/fd/\(file)", AT_FDCWD, draft, AT_SYMLINK_FOLLOW) == 0
        else { throw SystemFailure("writing \(name)") }
        guard rename(draft, path) == 0 else {
            let failure = SystemFailure("putting \(name) in place")
            unlink(draft)
            throw failure
        }
    }

    private func copy(_ body: ([UInt8]) throws -> Void) throws {
        guard lseek(file, 0, SEEK_SET) == 0 else { throw SystemFailure("writing \(name)") }
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(file, &piece, piece.count)
            if count == 0 { return }
            if count > 0 {
                try body(Array(piece[..<count]))
            } else if errno != EINTR {
                throw SystemFailure("writing \(name)")
            }
        }
    }
}
