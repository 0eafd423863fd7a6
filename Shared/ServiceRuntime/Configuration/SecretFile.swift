internal import Foundation

/// A file that only its own user may read.
package enum SecretFile {
    /// What is wrong with the file at `path`, with the remedy, or nil.
    package static func problem(_ path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return "it cannot be found; create it" }
        guard status.st_mode & S_IFMT == S_IFREG else { return "it is not a file; name a file" }
        guard status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            return "its mode is 0\(mode), so that others can read it; run chmod 600 on it"
        }
        return nil
    }
}
