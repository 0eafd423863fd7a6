import Storage

/// One sorted run as it is known in memory: which entries it covers and where each part begins.
struct SortedRun: Sendable {
    var id: Int64
    var level: Int
    /// Id of the first entry that it covers.
    var firstEntry: Int64
    /// How many entries it covers; all of them, without a gap.
    var entries: Int
    /// The first hash of every part.
    var partStarts: [UInt64]

    /// Id of the entry after the last one covered.
    var endEntry: Int64 { firstEntry + Int64(entries) }
}

/// Where a run stands in its life: a run counts only once it is live.
enum RunState: Int64 {
    case building = 0
    case live = 1
    /// Merged into another: its parts are being deleted.
    case obsolete = 2
}

/// The stored form of runs: parts of up to 1,360 rows of 12 bytes, one database page each.
///
/// A row is the hash (8 bytes) and the entry's id less that of the run's first entry (4 bytes), both
/// little-endian, ascending by hash.
enum RunParts {
    static let rowBytes = 12
    static let rowsPerPart = 1_360
    /// Parts written or deleted in one maintenance slice: 2 MB.
    static let partsPerSlice = 128

    static func key(run: Int64, part: Int) -> Int64 { run << 24 | Int64(part) }

    static func insert(
        run: Int64,
        part: Int,
        bytes: UnsafeRawBufferPointer,
        in transaction: WriteTransaction
    ) throws {
        let statement = try transaction.statement("INSERT INTO dup_run (id, b) VALUES (?1, ?2)")
        statement.bind(1, key(run: run, part: part))
        statement.bind(2, blob: bytes)
        _ = try statement.step()
    }

    static func delete(
        run: Int64,
        parts: Range<Int>,
        in transaction: WriteTransaction
    ) throws {
        try delete(
            from: key(run: run, part: parts.lowerBound),
            to: key(run: run, part: parts.upperBound),
            in: transaction
        )
    }

    private static func delete(
        from: Int64,
        to end: Int64,
        in transaction: WriteTransaction
    ) throws {
        _ = try transaction.execute(
            "DELETE FROM dup_run WHERE id >= ?1 AND id < ?2",
            [.integer(from), .integer(end)]
        )
    }

    /// Deletes the parts of every run but those named, also of runs that no directory knows.
    static func deleteAll(
        except runs: [Int64],
        in transaction: WriteTransaction
    ) throws {
        var from: Int64 = 0
        for run in runs.sorted() {
            try delete(from: from, to: key(run: run, part: 0), in: transaction)
            from = key(run: run + 1, part: 0)
        }
        try delete(from: from, to: .max, in: transaction)
    }

    @inline(__always)
    static func hash(_ bytes: UnsafeRawBufferPointer, _ row: Int) -> UInt64 {
        UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: row * rowBytes, as: UInt64.self)
        )
    }

    @inline(__always)
    static func offset(_ bytes: UnsafeRawBufferPointer, _ row: Int) -> UInt32 {
        UInt32(
            littleEndian: bytes.loadUnaligned(fromByteOffset: row * rowBytes + 8, as: UInt32.self)
        )
    }

    @inline(__always)
    static func put(
        _ hash: UInt64,
        _ offset: UInt32,
        at row: Int,
        into bytes: UnsafeMutableRawBufferPointer
    ) {
        bytes.storeBytes(of: hash.littleEndian, toByteOffset: row * rowBytes, as: UInt64.self)
        bytes.storeBytes(
            of: offset.littleEndian,
            toByteOffset: row * rowBytes + 8,
            as: UInt32.self
        )
    }

    /// The first row whose hash is not below `hash`.
    static func lowerBound(_ bytes: UnsafeRawBufferPointer, _ hash: UInt64) -> Int {
        var low = 0
        var high = bytes.count / rowBytes
        while low < high {
            let middle = (low + high) / 2
            if self.hash(bytes, middle) < hash { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
