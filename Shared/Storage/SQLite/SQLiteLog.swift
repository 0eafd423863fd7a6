import Glibc

/// The write-ahead log as a file: how far it is used, and room in it ahead of its use.
///
/// Room is made by writing, in steps: overwriting costs less than half of appending (design 8.2),
/// and a log that is shorter than what the anchor says has been shortened by somebody (D-07).
final class SQLiteLog {
    static let headerBytes: Int64 = 32
    static let frameHeaderBytes: Int64 = 24
    private static let stepBytes: Int64 = 1 << 20
    private static let marginBytes: Int64 = 256 << 10

    private let path: String
    /// Open for the life of the store: making room must not fail for want of descriptors (D-09).
    private var descriptor: Int32 = -1
    /// Bytes of one frame: a page with its header.
    var frameBytes: Int64 = 0
    /// Frames in use, after the newest commit.
    var frames: Int64 = 0
    /// Frames in use when a checkpoint could last not be finished.
    private var attemptedFrames: Int64 = 0

    init(path: String) { self.path = path }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Bytes in use.
    var end: Int64 { Self.headerBytes + frames * frameBytes }

    var size: Int64 { DurableFile.size(path) ?? 0 }

    func isDue(checkpointBytes: Int64) -> Bool {
        guard end >= checkpointBytes else { return false }
        if frames < attemptedFrames { attemptedFrames = 0 }
        return attemptedFrames == 0
            || (frames - attemptedFrames) * frameBytes >= checkpointBytes / 4
    }

    func isRestarted() {
        frames = 0
        attemptedFrames = 0
    }

    func isAttempted() { attemptedFrames = frames }

    func needsRoom(beyond bytes: Int64) -> Bool { end + Self.marginBytes > bytes }

    /// Writes the next step of the file and returns its size; a full disk makes less room.
    func makeRoom() throws -> Int64 {
        if descriptor < 0 { descriptor = open(path, O_WRONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw DurableFile.failure(path) }
        let start = size
        let count = Int(max(start, end) + Self.stepBytes - start)
        do {
            let zeros = [UInt8](repeating: 0, count: count)
            try DurableFile.write(zeros, at: start, to: descriptor, path: path)
        } catch StoreError.full {
            return size
        }
        return size
    }
}
