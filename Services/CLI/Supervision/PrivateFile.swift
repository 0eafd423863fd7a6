internal import Foundation

/// Files that only their owner may read.
package enum PrivateFile {
    /// Writes a file with mode 0600 and puts it in place in one step, so that a crash leaves the old
    /// file or the new one and no other user ever sees the content.
    package static func write(_ bytes: [UInt8], to path: String) throws(SystemFailure) {
        let draft = "\(path).\(getpid()).new"
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SystemFailure("writing \(path)") }
        do throws(SystemFailure) {
            try writeAll(bytes, to: file, named: path)
            guard fsync(file) == 0 else { throw SystemFailure("writing \(path) to disk") }
        } catch {
            close(file)
            unlink(draft)
            throw error
        }
        close(file)
        guard rename(draft, path) == 0 else {
            let failure = SystemFailure("putting \(path) in place")
            unlink(draft)
            throw failure
        }
    }

    /// The whole file, or nil where it does not exist.
    package static func read(_ path: String) throws(SystemFailure) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw SystemFailure("reading \(path)")
        }
        defer { close(file) }
        return try readAll(file, named: path)
    }

    /// Everything that a descriptor still gives.
    package static func readAll(_ file: Int32, named name: String) throws(SystemFailure) -> [UInt8]
    {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = Foundation.read(file, &piece, piece.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes.append(contentsOf: piece[..<count])
            } else if errno != EINTR {
                throw SystemFailure("reading \(name)")
            }
        }
    }

    /// Writes until everything is written.
    package static func writeAll(
        _ bytes: [UInt8],
        to file: Int32,
        named name: String
    ) throws(SystemFailure) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[offset...])
                return Foundation.write(file, rest.baseAddress, rest.count)
            }
            if count >= 0 {
                offset += count
            } else if errno != EINTR {
                throw SystemFailure("writing \(name)")
            }
        }
    }
}
