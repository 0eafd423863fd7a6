import Glibc

/// The exclusive lock of a store, held for the life of the process: one process a store (C-14).
///
/// The lock is the kernel's (`flock`), so that it ends with its process however that ends; the file
/// names the holder for people only.
struct LockFile: Sendable {
    private let descriptor: Int32

    init(for path: String) throws(StoreError) {
        let file = path + ".lock"
        let descriptor = Glibc.open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .inputOutput("\(file) cannot be opened: \(systemMessage(errno))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let holder = Self.holder(descriptor)
            Glibc.close(descriptor)
            guard code == EWOULDBLOCK else {
                throw .inputOutput("\(file) cannot be locked: \(systemMessage(code))")
            }
            throw .inUse(path: path, holder: holder)
        }
        self.descriptor = descriptor
        writeHolder()
    }

    func release() {
        // Explicitly: a program started at this moment still shares the descriptor for a while.
        flock(descriptor, LOCK_UN)
        Glibc.close(descriptor)
    }

    private func writeHolder() {
        let text = "\(getpid())\n"
        ftruncate(descriptor, 0)
        _ = text.utf8.withContiguousStorageIfAvailable {
            pwrite(descriptor, $0.baseAddress, $0.count, 0)
        }
    }

    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let digits = bytes.prefix(max(count, 0)).prefix { $0 != UInt8(ascii: "\n") }
        return digits.isEmpty ? "unknown" : String(decoding: digits, as: UTF8.self)
    }
}
