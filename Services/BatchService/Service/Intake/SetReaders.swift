internal import NIOConcurrencyHelpers
internal import NIOCore
internal import PostingSets

/// Readers of posting sets with their buffers, kept for the life of the process.
///
/// Small bodies are copied into a reader's own scratch, behind which lie the readable bytes that the
/// parser needs; arenas have them themselves. A reader that has read a large body keeps the memory for
/// it, so few of those are kept.
package final class SetReaders: Sendable {
    private static let keptSmall = 8
    private static let keptLarge = 2

    private struct Idle {
        var small: [Slot] = []
        var large: [Slot] = []
    }

    private let idle = NIOLockedValueBox(Idle())

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

        deinit { readers.giveBack(slot, after: body) }

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
        let slot = idle.withLockedValue { idle in
            switch body {
            case .small: idle.small.popLast()
            case .large: idle.large.popLast()
            }
        }
        return Reading(body, slot ?? Slot(), of: self)
    }

    private func giveBack(_ slot: Slot, after body: HeldBody) {
        idle.withLockedValue { idle in
            switch body {
            case .small: if idle.small.count < Self.keptSmall { idle.small.append(slot) }
            case .large: if idle.large.count < Self.keptLarge { idle.large.append(slot) }
            }
        }
    }

    /// What a body is, in values of its own.
    func inspect(_ body: HeldBody) -> SetInspection { SetInspection(read(body).outcome) }
}
