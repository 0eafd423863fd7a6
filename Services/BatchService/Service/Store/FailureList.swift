package import Protocol

/// The failures of a set as they are kept: place and message of each, nothing that the set itself
/// says already.
///
/// Format 1: one byte 1, then for each failure its place (4 bytes), the length of its message in bytes
/// (2 bytes) and the message in UTF-8; numbers are big-endian.
package enum FailureList {
    package static func encode(_ failures: [PostingFailure]) -> [UInt8] {
        var bytes: [UInt8] = [1]
        bytes.reserveCapacity(1 + failures.count * 48)
        for failure in failures {
            let place = UInt32(clamping: failure.index)
            let message = failure.message.utf8.prefix(Int(UInt16.max))
            bytes.append(UInt8(truncatingIfNeeded: place >> 24))
            bytes.append(UInt8(truncatingIfNeeded: place >> 16))
            bytes.append(UInt8(truncatingIfNeeded: place >> 8))
            bytes.append(UInt8(truncatingIfNeeded: place))
            bytes.append(UInt8(message.count >> 8))
            bytes.append(UInt8(message.count & 0xFF))
            bytes.append(contentsOf: message)
        }
        return bytes
    }

    /// Reads what `encode` wrote; nil where the bytes are damaged.
    package static func decode(_ bytes: UnsafeRawBufferPointer) -> [PostingFailure]? {
        guard let version = bytes.first, version == 1 else { return nil }
        var failures: [PostingFailure] = []
        var position = 1
        while position < bytes.count {
            guard position + 6 <= bytes.count else { return nil }
            let place = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            let length = Int(bytes[position + 4]) << 8 | Int(bytes[position + 5])
            position += 6
            guard position + length <= bytes.count else { return nil }
            let message = String(decoding: bytes[position..<position + length], as: UTF8.self)
            failures.append(PostingFailure(index: place, message: message))
            position += length
        }
        return failures
    }
}
