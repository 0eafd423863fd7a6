import Glibc

/// Calls of the file system that must be durable when they return.
enum DurableFile {
    /// Bytes of the file; nil where there is none.
    static func size(_ path: String) -> Int64? {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : nil
    }

    /// Writes a new file whole or not at all, readable by its owner only.
    static func replace(_ path: String, with bytes: [UInt8]) throws(StoreError) {
        let draft = path + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(draft) }
        defer { close(descriptor) }
        try write(bytes, at: 0, to: descriptor, path: draft)
        guard rename(draft, path) == 0 else { throw failure(path) }
        try syncFolder(of: path)
    }

    /// Writes at an offset and waits for the disk.
    static func write(
        _ bytes: [UInt8],
        at offset: Int64,
        to descriptor: Int32,
        path: String
    ) throws(StoreError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { all in
                let rest = UnsafeRawBufferPointer(rebasing: all[done...])
                return pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(path) }
            done += count
        }
        guard fdatasync(descriptor) == 0 else { throw lost(path) }
    }

    /// Makes names that were created or replaced in a file's folder durable.
    static func syncFolder(of path: String) throws(StoreError) {
        let end = path.lastIndex(of: "/")
        let folder = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw lost(folder) }
    }

    /// The error of a call that has done nothing.
    static func failure(_ path: String) -> StoreError {
        errno == ENOSPC || errno == EDQUOT ? .full : lost(path)
    }

    /// The error of a call after which nothing is known; a full disk is no excuse for an fsync.
    private static func lost(_ path: String) -> StoreError {
        .inputOutput("\(path): \(systemMessage(errno))")
    }
}
