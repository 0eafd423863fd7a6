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
    /// Where large sets are read, rendered and looked into.
    let pool: ReadingPool

    package init(
        store: BatchStore,
        bodies: BodyReader,
        readers: SetReaders,
        pool: ReadingPool
    ) {
        self.store = store
        self.bodies = bodies
        self.readers = readers
        self.pool = pool
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
        let rendering = try await pool.run { [readers] in
            try ResultRendering(set, readers.read(body))
        }
        return OutgoingReply { writer in
            try await writer.write(ByteBuffer(bytes: before))
            try await write(rendering) { try await writer.write($0) }
            try await writer.write(ByteBuffer(bytes: after))
        }
    }

    /// The result object of a small set, whole.
    private func append(_ set: FinishedSet, to bytes: inout [UInt8]) throws {
        let reading = readers.read(try bodies.loadInline(set.body))
        try ResultRendering(set, reading).append(to: &bytes)
    }

    /// The result object of a large set, piece by piece, as fast as `sink` takes it.
    private func write(
        _ rendering: ResultRendering,
        to sink: (ByteBuffer) async throws -> Void
    ) async throws {
        while let piece = try await pool.goOn({ rendering.next() }) { try await sink(piece) }
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
                let body = try await bodies.load(set.body)
                let rendering = try await pool.goOn { [readers] in
                    try ResultRendering(set, readers.read(body))
                }
                try await write(rendering, to: sink)
            }
            waiting.removeAll(keepingCapacity: true)
        }
        try await sink(ByteBuffer(bytes: waiting + Array("]".utf8)))
    }

    /// The sets that pass the filters that look into their arrays.
    ///
    /// Small sets are loaded and looked into together, large ones one by one.
    func matching(_ rows: [HistoryRow], _ filter: ElementFilter) async throws -> Set<Int64> {
        let (readers, bodies) = (readers, bodies)
        let small = rows.filter { $0.bodyBytes <= BodyPlace.inlineLimit }.map(\.setID)
        let sets = try await store.finishedSets(small)
        var found = try await pool.run {
            var found: Set<Int64> = []
            for set in sets {
                let reading = readers.read(try bodies.loadInline(set.body))
                if try filter.matches(set, reading) { found.insert(set.setID) }
            }
            return found
        }
        for row in rows where row.bodyBytes > BodyPlace.inlineLimit {
            guard let set = try await store.finishedSet(row.setID) else { continue }
            let body = try await bodies.load(set.body)
            if try await pool.run({ try filter.matches(set, readers.read(body)) }) {
                found.insert(row.setID)
            }
        }
        return found
    }
}

extension ElementFilter {
    fileprivate func matches(_ set: FinishedSet, _ reading: SetReaders.Reading) throws -> Bool {
        matches(set, try reading.view(of: set))
    }
}
