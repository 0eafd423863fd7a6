internal import Dispatch
internal import Glibc
internal import NIOConcurrencyHelpers

/// Where a large body lies: a run of bytes in one body file.
package struct BodyExtent: Sendable, Equatable {
    package let file: Int
    package let offset: Int
    package let count: Int

    package init(file: Int, offset: Int, count: Int) {
        self.file = file
        self.offset = offset
        self.count = count
    }
}

/// Why a body file could not be used.
package enum BodyFileError: Error, Sendable, Equatable {
    /// The disk is full; try again when there is room (fault D-02).
    case full
    /// The file ends before the body does, or is not there.
    case truncated(BodyExtent)
    case cannotOpen(path: String, errorNumber: Int32)
}

/// The body files: large bodies one after the other, apart from the database.
///
/// Overwriting bytes inside a file's size costs a tenth of appending them (design 8.2), so the space
/// ahead is written with zeros beforehand, in steps, while nothing else waits. All writing happens on
/// one serial queue; a region is zeroed only while no body has been given it. What no row of the
/// database refers to is free space after a restart.
package final class BodyFiles: Sendable {
    package struct Options: Sendable {
        /// Space prepared ahead of the last body.
        package var aheadBytes = 128 << 20
        /// Largest size of one file.
        package var fileBytes = 1 << 30
        /// Bytes written between two syncs of one body.
        package var syncBytes = 4 << 20

        package init() {}
    }

    private struct State {
        var file: Int
        var tail: Int
        var prepared: Int
        var isPreparing = false
    }

    let options: Options
    private let directory: String
    private let queue = DispatchQueue(label: "bursar.bodies")
    private let descriptors = NIOLockedValueBox<[Int: Int32]>([:])
    private let state: NIOLockedValueBox<State>
    /// Called on an error after which nothing in the file can be trusted (fault D-01).
    private let onFatal: @Sendable (String) -> Never

    /// Opens the directory, making it where it is missing.
    ///
    /// - Parameters:
    ///   - directory: where the files lie.
    ///   - lastUsed: the newest file that a row refers to, and the end of its last body.
    ///   - options: sizes.
    ///   - onFatal: stops the process.
    /// - Throws: `BodyFileError` where the folder cannot be used or a file is shorter than its bodies.
    package init(
        directory: String,
        lastUsed: (file: Int, end: Int)?,
        options: Options = Options(),
        onFatal: @escaping @Sendable (String) -> Never
    ) throws {
        self.directory = directory
        self.options = options
        self.onFatal = onFatal
        let start = lastUsed ?? (file: 1, end: 0)
        state = NIOLockedValueBox(State(file: start.file, tail: start.end, prepared: 0))
        if mkdir(directory, 0o700) != 0, errno != EEXIST {
            throw BodyFileError.cannotOpen(path: directory, errorNumber: errno)
        }
        let size = try sizeOfFile(start.file)
        guard size >= start.end else {
            throw BodyFileError.truncated(
                BodyExtent(file: start.file, offset: size, count: start.end - size)
            )
        }
        state.withLockedValue { $0.prepared = size }
    }

    deinit { descriptors.withLockedValue { $0.values.forEach { close($0) } } }

    /// Gives a body its place; nothing is written yet.
    package func allocate(_ count: Int) -> BodyExtent {
        let extent = state.withLockedValue { state in
            if state.tail + count > options.fileBytes, state.tail > 0 {
                state.file += 1
                state.tail = 0
                state.prepared = 0
            }
            let extent = BodyExtent(file: state.file, offset: state.tail, count: count)
            state.tail += count
            return extent
        }
        prepareAhead()
        return extent
    }

    /// Takes back a place that no row will refer to, where it is the last one given.
    package func release(_ extent: BodyExtent) {
        state.withLockedValue { state in
            guard state.file == extent.file, state.tail == extent.offset + extent.count else {
                return
            }
            state.tail = extent.offset
        }
    }

    /// Runs `work` after all writing that was asked for before it.
    package func onQueue<R: Sendable>(_ work: @escaping @Sendable () throws -> R) async throws -> R
    {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }

    /// Runs `work` on the queue, without waiting.
    func enqueue(_ work: @escaping @Sendable () -> Void) { queue.async(execute: work) }
}

// MARK: - Bytes

extension BodyFiles {
    /// Writes `bytes` at `offset` inside the extent; called on the queue.
    func write(_ bytes: UnsafeRawBufferPointer, to extent: BodyExtent, at offset: Int) throws {
        precondition(offset + bytes.count <= extent.count, "a body writes past its place")
        try writeAll(bytes, file: extent.file, at: extent.offset + offset)
    }

    /// Makes everything written to a file durable; stops the process where that fails.
    func sync(file: Int) throws {
        guard fdatasync(try descriptor(file)) == 0 else {
            onFatal("fdatasync of body file \(file): errno \(errno)")
        }
    }

    /// Reads a whole body.
    package func read(
        _ extent: BodyExtent,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws {
        let file = try descriptor(extent.file)
        var done = 0
        while done < extent.count {
            let count = pread(
                file,
                buffer.baseAddress?.advanced(by: done),
                extent.count - done,
                extent.offset + done
            )
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw BodyFileError.truncated(extent) }
            done += count
        }
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer, file: Int, at offset: Int) throws {
        let descriptor = try descriptor(file)
        var done = 0
        while done < bytes.count {
            let count = pwrite(
                descriptor,
                bytes.baseAddress?.advanced(by: done),
                bytes.count - done,
                off_t(offset + done)
            )
            if count > 0 {
                done += count
            } else if errno == ENOSPC || errno == EDQUOT {
                throw BodyFileError.full
            } else if errno != EINTR {
                onFatal("write to body file \(file): errno \(errno)")
            }
        }
    }

    private func descriptor(_ file: Int) throws -> Int32 {
        try descriptors.withLockedValue { open in
            if let descriptor = open[file] { return descriptor }
            let path = path(of: file)
            let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw BodyFileError.cannotOpen(path: path, errorNumber: errno)
            }
            try syncDirectory()
            open[file] = descriptor
            return descriptor
        }
    }

    /// Makes a new file's name durable.
    private func syncDirectory() throws {
        let descriptor = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw BodyFileError.cannotOpen(path: directory, errorNumber: errno)
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { onFatal("fsync of \(directory): errno \(errno)") }
    }

    private func sizeOfFile(_ file: Int) throws -> Int {
        var status = stat()
        guard fstat(try descriptor(file), &status) == 0 else {
            throw BodyFileError.cannotOpen(path: path(of: file), errorNumber: errno)
        }
        return status.st_size
    }

    private func path(of file: Int) -> String {
        let number = String(file)
        return directory + "/" + String(repeating: "0", count: max(0, 3 - number.count)) + number
    }
}

// MARK: - Preparing space

extension BodyFiles {
    private static let zeros = [UInt8](repeating: 0, count: 1 << 20)

    /// Writes zeros ahead of the last body, one piece at a time between other writes.
    package func prepareAhead() {
        let starts = state.withLockedValue { state in
            guard !state.isPreparing, wantsMore(state) else { return false }
            state.isPreparing = true
            return true
        }
        if starts { queue.async { self.preparePiece() } }
    }

    private func wantsMore(_ state: State) -> Bool {
        max(state.prepared, state.tail) < min(state.tail + options.aheadBytes, options.fileBytes)
    }

    private func preparePiece() {
        let place = state.withLockedValue { state -> (file: Int, offset: Int)? in
            guard wantsMore(state) else {
                state.isPreparing = false
                return nil
            }
            return (state.file, max(state.prepared, state.tail))
        }
        guard let place else { return }
        do {
            try Self.zeros.withUnsafeBytes {
                try writeAll($0, file: place.file, at: place.offset)
            }
        } catch {
            // A full disk only ends the preparation: a body that needs the space reports it.
            state.withLockedValue { $0.isPreparing = false }
            return
        }
        state.withLockedValue { state in
            guard state.file == place.file else { return }
            state.prepared = max(state.prepared, place.offset + Self.zeros.count)
        }
        queue.async { self.preparePiece() }
    }

    /// How far the newest file has been written, in bytes; for tests and metrics.
    package var preparedBytes: Int { state.withLockedValue { $0.prepared } }
}
