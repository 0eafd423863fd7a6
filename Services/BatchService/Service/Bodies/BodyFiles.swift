internal import Dispatch
internal import Glibc
internal import NIOConcurrencyHelpers

/// Where a large body lies: a run of bytes in one body file.
package struct BodyExtent: Sendable, Equatable {
    package let file: Int
    package let offset: Int
    package let count: Int

    /// The first byte behind it.
    package var end: Int { offset + count }

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
    /// The file ends before the body does.
    case truncated(BodyExtent)
    /// The system refused; that may pass.
    case cannotOpen(path: String, errorNumber: Int32)
    case cannotRead(path: String, errorNumber: Int32)
}

/// The body files: large bodies one after the other, apart from the database.
///
/// Overwriting bytes inside a file's size costs a tenth of appending them (design 8.2), so the space
/// ahead is written with zeros beforehand, in steps, while nothing else waits. All writing happens on
/// one serial queue; a region is zeroed only while no body has been given it. A body that no set keeps
/// gives its place back to the next; what no row refers to when the process starts is free as well.
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
        var space: BodySpace
        /// How far the newest file has been written.
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

    /// Opens the directory, making it where it is missing, and frees what no row refers to.
    ///
    /// - Parameters:
    ///   - directory: where the files lie.
    ///   - used: where the bodies of all rows lie, in ascending order.
    ///   - options: sizes.
    ///   - onFatal: stops the process.
    /// - Throws: `BodyFileError` where the folder cannot be used or a file is shorter than its bodies.
    package init(
        directory: String,
        used: [BodyExtent],
        options: Options = Options(),
        onFatal: @escaping @Sendable (String) -> Never
    ) throws {
        self.directory = directory
        self.options = options
        self.onFatal = onFatal
        let space = BodySpace(fileBytes: options.fileBytes, used: used)
        state = NIOLockedValueBox(State(space: space, prepared: 0))
        if mkdir(directory, 0o700) != 0, errno != EEXIST {
            throw BodyFileError.cannotOpen(path: directory, errorNumber: errno)
        }
        let size = try sizeOfFile(space.file)
        guard size >= space.tail else {
            throw BodyFileError.truncated(
                BodyExtent(file: space.file, offset: size, count: space.tail - size)
            )
        }
        state.withLockedValue { $0.prepared = size }
        try removeFiles(after: space.file)
    }

    deinit { descriptors.withLockedValue { $0.values.forEach { close($0) } } }

    /// Gives a body its place; nothing is written yet.
    package func allocate(_ count: Int) -> BodyExtent {
        let extent = state.withLockedValue { state in
            let file = state.space.file
            let extent = state.space.allocate(count)
            if state.space.file != file { state.prepared = 0 }
            return extent
        }
        prepareAhead()
        return extent
    }

    /// Takes back a place that no row will refer to; nothing may write to it any more.
    package func release(_ extent: BodyExtent) {
        state.withLockedValue { $0.space.release(extent) }
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
            guard count >= 0 else {
                throw BodyFileError.cannotRead(path: path(of: extent.file), errorNumber: errno)
            }
            guard count > 0 else { throw BodyFileError.truncated(extent) }
            done += count
        }
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer, file: Int, at offset: Int) throws {
        let descriptor = try descriptor(file, creates: true)
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

    private func descriptor(_ file: Int, creates: Bool = false) throws -> Int32 {
        try descriptors.withLockedValue { open in
            if let descriptor = open[file] { return descriptor }
            let path = path(of: file)
            let flags = O_RDWR | O_CLOEXEC | (creates ? O_CREAT : 0)
            let descriptor = Glibc.open(path, flags, 0o600)
            guard descriptor >= 0 else {
                throw BodyFileError.cannotOpen(path: path, errorNumber: errno)
            }
            do {
                if creates { try syncDirectory() }
            } catch {
                close(descriptor)
                throw error
            }
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
        guard fstat(try descriptor(file, creates: true), &status) == 0 else {
            throw BodyFileError.cannotOpen(path: path(of: file), errorNumber: errno)
        }
        return status.st_size
    }

    /// Removes the files behind the newest that a row refers to: a kill left them before its commit.
    private func removeFiles(after newest: Int) throws {
        var file = newest + 1
        while unlink(path(of: file)) == 0 { file += 1 }
        guard errno == ENOENT else {
            throw BodyFileError.cannotOpen(path: path(of: file), errorNumber: errno)
        }
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
        let tail = state.space.tail
        return max(state.prepared, tail) < min(tail + options.aheadBytes, options.fileBytes)
    }

    private func preparePiece() {
        let place = state.withLockedValue { state -> (file: Int, offset: Int)? in
            guard wantsMore(state) else {
                state.isPreparing = false
                return nil
            }
            return (state.space.file, max(state.prepared, state.space.tail))
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
            guard state.space.file == place.file else { return }
            state.prepared = max(state.prepared, place.offset + Self.zeros.count)
        }
        queue.async { self.preparePiece() }
    }

    /// How far the newest file has been written, in bytes; for tests and metrics.
    package var preparedBytes: Int { state.withLockedValue { $0.prepared } }
}
