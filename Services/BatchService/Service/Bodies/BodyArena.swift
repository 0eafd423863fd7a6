internal import Glibc

/// Memory for one large body, reserved once and used again and again.
///
/// A page that the machine has never touched costs ten times a recycled one (design 8.2), so an arena
/// keeps up to `residentBytes` of its pages between bodies. Behind the body lie at least 64 readable
/// bytes, which the parser needs.
///
/// One user at a time appends; others may read what lies below `count`.
package final class BodyArena: @unchecked Sendable {
    package static let padding = 64
    /// What an arena keeps resident between two bodies.
    package static let residentBytes = 32 << 20

    package let capacity: Int
    package private(set) var count = 0
    private let base: UnsafeMutableRawPointer

    /// Reserves room for `capacity` bytes; pages are taken from the machine as they are written.
    package init(capacity: Int) {
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        let memory = mmap(nil, capacity + Self.padding, PROT_READ | PROT_WRITE, flags, -1, 0)
        guard let memory, memory != MAP_FAILED else {
            preconditionFailure("no address space for a body of \(capacity) bytes")
        }
        base = memory
        self.capacity = capacity
    }

    deinit { munmap(base, capacity + Self.padding) }

    /// Appends; false where the body would pass the capacity, and then nothing is appended.
    package func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= capacity - count else { return false }
        if let source = bytes.baseAddress {
            (base + count).copyMemory(from: source, byteCount: bytes.count)
        }
        count += bytes.count
        return true
    }

    /// Fills the arena with `count` bytes that `read` writes.
    package func fill(
        _ count: Int,
        _ read: (UnsafeMutableRawBufferPointer) throws -> Void
    ) rethrows {
        precondition(count <= capacity, "a stored body is larger than any arena")
        try read(UnsafeMutableRawBufferPointer(start: base, count: count))
        self.count = count
    }

    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// A part of the body for a writer that runs beside the one who appends.
    package func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        precondition(range.upperBound <= capacity, "a slice outside the arena")
        return UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
    }

    /// Forgets the body, and gives the pages beyond `residentBytes` back to the machine.
    package func reset() {
        if count > Self.residentBytes {
            let rest = count + Self.padding - Self.residentBytes
            madvise(base + Self.residentBytes, rest, MADV_DONTNEED)
        }
        count = 0
    }
}
