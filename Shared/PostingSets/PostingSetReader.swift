internal import CSimdjson

/// What reading a document came to.
package enum ReadOutcome {
    case set(PostingSetView)
    /// Never empty; at most `SetFault.maximumReported`, then one that says how many more.
    case faults([SetFault])
}

/// Reads documents of the shape of seed 001's request, strictly, one after the other.
///
/// Strict: RFC 8259 in UTF-8 without a byte order mark, every field once and none besides, texts
/// without control or bidirectional control characters, amounts exact to the cent. All faults of a
/// document are found at once. Whether counts, sums, accounts and codes are right is not its concern
/// (contract D2).
///
/// Memory grows to what the largest document needs, about as much as the document itself, and stays
/// for the life of the reader. Not thread-safe: one reader for one document at a
/// time.
package final class PostingSetReader {
    /// Readable bytes that should follow a document; with fewer it is copied first.
    package static let padding = Int(BURSAR_JSON_PADDING)

    private let handle: OpaquePointer

    package init() {
        guard let handle = bursar_set_reader_create() else {
            preconditionFailure("a reader of sets could not be made")
        }
        self.handle = handle
    }

    deinit { bursar_set_reader_destroy(handle) }

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - bytes: the document.
    ///   - capacity: how many bytes may be read from its start on, `bytes.count` or more.
    /// - Returns: the set or its faults; a set is valid until the next call.
    package func read(_ bytes: UnsafeRawBufferPointer, capacity: Int) -> ReadOutcome {
        precondition(capacity >= bytes.count, "a document larger than its memory")
        let reading = bursar_set_read(
            handle,
            bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
            bytes.count,
            capacity
        )
        switch bursar_set_outcome(rawValue: UInt32(reading.outcome)) {
        case BURSAR_SET_READ:
            return .set(PostingSetView(reading.set, of: self))
        case BURSAR_SET_HAS_FAULTS:
            return .faults(SetFault.all(of: reading))
        case BURSAR_SET_TOO_LARGE:
            return .faults([.tooLarge])
        default:
            return .faults([.broken(reading, bytes)])
        }
    }
}
