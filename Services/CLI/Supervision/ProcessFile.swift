internal import Foundation

/// A file that holds a process id: `.bursar/run/NAME.pid`.
package struct ProcessFile: Sendable, Hashable {
    package let path: String

    package init(_ path: String) { self.path = path }

    /// The id, or nil where the file is missing or holds something else.
    package func read() -> Int32? {
        guard let bytes = FileManager.default.contents(atPath: path), bytes.count <= 32 else {
            return nil
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let id = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)), id > 1 else {
            return nil
        }
        return id
    }

    /// Replaces the file in one step, so that no reader sees half an id.
    package func write(_ processID: Int32) throws(SystemFailure) {
        try PrivateFile.write(Array("\(processID)\n".utf8), to: path)
    }

    /// Removes the file; one that is already gone is fine.
    package func remove() { unlink(path) }
}
