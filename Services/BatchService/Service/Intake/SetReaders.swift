internal import NIOConcurrencyHelpers
internal import NIOCore
internal import PostingSets

/// Readers of posting sets with their buffers, kept for the life of the process.
///
/// Small bodies are copied into a reader's own scratch, behind which lie the readable bytes that the
/// parser needs; arenas have them themselves.
package final class SetReaders: Sendable {
    private static let kept = 8

    private let idle = NIOLockedValueBox<[Slot]>([])

    package init() {}

    /// One reader and its scratch, in the hands of one caller.
    fileprivate final class Slot: @unchecked Sendable {
        let reader = PostingSetReader()
        let scratch = BodyArena(capacity: BodyPlace.inlineLimit)
    }

    /// A body that has been read, for as long as somebody holds this; one caller uses it at a time.
    final class Reading: @unchecked Sendable {
        let outcome: ReadOutcome
        private let body: HeldBody
        private let slot: Slot
        private let readers: SetReaders

        fileprivate init(_ body: HeldBody, _ slot: Slot, of readers: SetReaders) {
            self.body = body
            self.slot = slot
            self.readers = readers
            let bytes = Self.bytes(of: body, slot.scratch)
            outcome = slot.reader.read(bytes, capacity: bytes.count + BodyArena.padding)
        }

        deinit { readers.giveBack(slot) }

        private static func bytes(
            of body: HeldBody,
            _ scratch: BodyArena
        ) -> UnsafeRawBufferPointer {
            switch body {
            case .large(let loan):
                return loan.arena.bytes
            case .small(let buffer):
                scratch.reset()
                let fits = buffer.withUnsafeReadableBytes { scratch.append($0) }
                precondition(fits, "a body in a row is larger than a row's limit")
                return scratch.bytes
            }
        }
    }

    func read(_ body: HeldBody) -> Reading {
        Reading(body, idle.withLockedValue { $0.popLast() } ?? Slot(), of: self)
    }

    private func giveBack(_ slot: Slot) {
        idle.withLockedValue { if $0.count < Self.kept { $0.append(slot) } }
    }

    /// What a body is, in values of its own.
    func inspect(_ body: HeldBody) -> SetInspection { SetInspection(read(body).outcome) }
}
