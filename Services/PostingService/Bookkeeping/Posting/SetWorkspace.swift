package import NIOCore
package import PostingSets
package import Protocol

/// The memory in which one set is collected and read; kept for the life of the process, as fresh
/// pages cost more than reading the set (design 8.2).
///
/// Used by one caller at a time: whoever took it from its pool, then the store's writer, then the
/// pool again.
package final class SetWorkspace: @unchecked Sendable {
    private let reader = PostingSetReader()
    private let bytes: UnsafeMutableRawBufferPointer
    private var count = 0
    let maximumBytes: Int

    /// Reserves address space only: pages are touched when a set needs them.
    package init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
        bytes = .allocate(byteCount: maximumBytes + PostingSetReader.padding, alignment: 64)
    }

    deinit { bytes.deallocate() }

    package func clear() { count = 0 }

    /// Adds a piece; false where the set is larger than the workspace.
    package func append(_ piece: ByteBuffer) -> Bool {
        let size = piece.readableBytes
        guard size <= maximumBytes - count else { return false }
        piece.withUnsafeReadableBytes { source in
            UnsafeMutableRawBufferPointer(rebasing: bytes[count..<(count + size)])
                .copyMemory(from: source)
        }
        count += size
        return true
    }

    /// What the sender of a set is told that `append` did not take.
    package var tooLarge: RPCError { .bodyTooLarge(limit: maximumBytes) }

    /// Reads what was collected; the outcome is valid until the next piece or read.
    package func read() -> ReadOutcome {
        reader.read(
            UnsafeRawBufferPointer(rebasing: bytes[..<count]),
            capacity: count + PostingSetReader.padding
        )
    }
}
