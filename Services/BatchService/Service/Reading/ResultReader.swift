package import NIOCore
internal import PostingSets
internal import Protocol
internal import Transport

/// Renders the results of finished sets, on demand: what is kept is the body as it came, and how it
/// ended.
package struct ResultReader: Sendable {
    /// Size of a piece: about a thousand transactions.
    static let pieceBytes = 256 << 10

    let store: BatchStore
    let bodies: BodyReader
    let readers: SetReaders

    package init(store: BatchStore, bodies: BodyReader, readers: SetReaders) {
        self.store = store
        self.bodies = bodies
        self.readers = readers
    }

    /// The result object of a set between two texts, as a reply.
    func reply(
        _ set: FinishedSet,
        before: [UInt8] = [],
        after: [UInt8] = []
    ) async throws -> OutgoingReply {
        guard case .file = set.body.place else {
            var bytes = before
            try append(set, to: &bytes)
            return OutgoingReply(body: ByteBuffer(bytes: bytes + after))
        }
        let body = try await bodies.load(set.body)
        return OutgoingReply { writer in
            try await writer.write(ByteBuffer(bytes: before))
            try await write(set, body) { try await writer.write($0) }
            try await writer.write(ByteBuffer(bytes: after))
        }
    }

    /// The result object of a small set, whole.
    private func append(_ set: FinishedSet, to bytes: inout [UInt8]) throws {
        let reading = readers.read(try bodies.loadInline(set.body))
        var writer = try Self.writer(set, reading)
        writer.append(to: &bytes)
    }

    /// The result object of any set, piece by piece, as fast as `sink` takes it.
    private func write(
        _ set: FinishedSet,
        _ body: HeldBody,
        to sink: (ByteBuffer) async throws -> Void
    ) async throws {
        let reading = readers.read(body)
        var writer = try Self.writer(set, reading)
        let size = max(Self.pieceBytes, writer.minimumPieceBytes)
        while true {
            var piece = ByteBufferAllocator().buffer(capacity: size)
            let written = piece.writeWithUnsafeMutableBytes(minimumWritableBytes: size) {
                writer.write(into: $0)
            }
            guard written > 0 else { break }
            try await sink(piece)
        }
        withExtendedLifetime(reading) {}
    }

    /// The results of sets as an array; a set is read only when its turn comes.
    package func writeList(
        _ setIDs: [Int64],
        to sink: (ByteBuffer) async throws -> Void
    ) async throws {
        var waiting = Array("[".utf8)
        var isFirst = true
        for setID in setIDs {
            guard let set = try await store.finishedSet(setID) else { continue }
            if !isFirst { waiting.append(UInt8(ascii: ",")) }
            isFirst = false
            if case .row = set.body.place {
                try append(set, to: &waiting)
                guard waiting.count >= Self.pieceBytes else { continue }
                try await sink(ByteBuffer(bytes: waiting))
            } else {
                try await sink(ByteBuffer(bytes: waiting))
                try await write(set, try await bodies.load(set.body), to: sink)
            }
            waiting.removeAll(keepingCapacity: true)
        }
        try await sink(ByteBuffer(bytes: waiting + Array("]".utf8)))
    }

    /// The sets that pass the filters that look into their arrays.
    ///
    /// Small sets are loaded together, large ones one by one.
    func matching(_ rows: [HistoryRow], _ filter: ElementFilter) async throws -> Set<Int64> {
        var found: Set<Int64> = []
        let small = rows.filter { $0.bodyBytes <= BodyPlace.inlineLimit }.map(\.setID)
        for set in try await store.finishedSets(small) where try await matches(set, filter) {
            found.insert(set.setID)
        }
        for row in rows where row.bodyBytes > BodyPlace.inlineLimit {
            guard let set = try await store.finishedSet(row.setID) else { continue }
            if try await matches(set, filter) { found.insert(row.setID) }
        }
        return found
    }

    private func matches(_ set: FinishedSet, _ filter: ElementFilter) async throws -> Bool {
        let reading = readers.read(try await bodies.load(set.body))
        guard case .set(let view) = reading.outcome else {
            throw BodyReader.damaged(set.setID)
        }
        return filter.matches(set, view)
    }

    private static func writer(
        _ set: FinishedSet,
        _ reading: SetReaders.Reading
    ) throws -> PostingSetResultWriter {
        // What was stored had been read without a fault; its checksum says that it is the same.
        guard case .set(let view) = reading.outcome else {
            throw BodyReader.damaged(set.setID)
        }
        return try PostingSetResultWriter(
            view,
            PostingSetResult(
                batchID: set.setID,
                transactionsLoaded: set.loaded,
                failures: set.failures.map { .init(index: $0.index, message: $0.message) },
                errorMessage: set.errorMessage
            )
        )
    }
}
