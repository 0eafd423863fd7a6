internal import Foundation

/// The lock file that makes a process the only one to hold a store (faults C-14).
///
/// The kernel lets go of it when the process ends, however it ends; the file stays and names the
/// newest holder.
final class StoreLock {
    private var descriptor: Int32

    init(path: String) throws {
        let file = path + ".lock"
        descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError.inputOutput("\(file): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            var bytes = [UInt8](repeating: 0, count: 32)
            let count = pread(descriptor, &bytes, bytes.count, 0)
            let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            let holder = text.trimmingCharacters(in: .whitespacesAndNewlines)
            throw StoreError.inUse(path: path, holder: holder.isEmpty ? "unknown" : holder)
        }
        ftruncate(descriptor, 0)
        let text = "\(getpid())\n"
        _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
    }

    deinit { release() }

    /// Lets another process hold the store.
    func release() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }
}
