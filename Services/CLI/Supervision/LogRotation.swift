internal import Foundation

/// Keeps a log that a running process appends to within a size.
///
/// The process holds the file open, so that the file stays and is copied and cut: `NAME.log.1` is the
/// newest copy. A line written between the copy and the cut, a moment of microseconds, may be lost;
/// nothing that must be kept (audit, money) lives in logs alone.
package struct LogRotation: Sendable {
    package let maximumBytes: Int64
    package let copies: Int

    package init(maximumBytes: Int64 = 16 << 20, copies: Int = 3) {
        self.maximumBytes = maximumBytes
        self.copies = copies
    }

    /// Rotates `path` if it has grown over the size; a full disk leaves it cut, one copy fewer.
    package func apply(to path: String) {
        var status = stat()
        guard stat(path, &status) == 0, Int64(status.st_size) > maximumBytes else { return }
        for number in stride(from: copies - 1, through: 1, by: -1) {
            rename("\(path).\(number)", "\(path).\(number + 1)")
        }
        let draft = "\(path).new"
        unlink(draft)
        do {
            try FileManager.default.copyItem(atPath: path, toPath: draft)
            rename(draft, "\(path).1")
        } catch {
            unlink(draft)
        }
        truncate(path, 0)
    }
}
