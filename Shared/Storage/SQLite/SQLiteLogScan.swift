import Glibc

/// Reads a log that was left behind, before SQLite does: SQLite ends silently at the first frame
/// whose checksum is wrong, and forgets every commit after it.
///
/// A crash leaves a torn transaction at the end at most, because each COMMIT waits for the disk
/// before the next one is written. Whole frames beyond a spoilt one that belong to later
/// transactions prove that commits were lost which had been acknowledged (D-06). Not found: damage
/// to the very last transaction, which looks like one that was torn.
/// Source: SQLite, "The WAL File Format".
struct SQLiteLogScan {
    private struct Sum: Equatable {
        var one: UInt32
        var two: UInt32
    }

    private let bytes: UnsafeRawBufferPointer
    private let frameBytes: Int
    private let isBigEndian: Bool
    private let salts: UInt64

    /// Throws where the log at `path` has lost commits.
    static func check(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT { return }
        guard descriptor >= 0, let size = DurableFile.size(path) else {
            throw DurableFile.failure(path)
        }
        defer { close(descriptor) }
        guard size > SQLiteLog.headerBytes else { return }
        // Mapped to read only, and unmapped before SQLite opens the file.
        guard let start = mmap(nil, Int(size), PROT_READ, MAP_PRIVATE, descriptor, 0),
            start != MAP_FAILED
        else { throw DurableFile.failure(path) }
        defer { munmap(start, Int(size)) }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(size))
        if let frame = SQLiteLogScan(bytes)?.firstLostFrame() {
            throw StoreError.damaged(
                "\(path) is damaged at its frame \(frame + 1), and acknowledged commits stand "
                    + "beyond it: restore the store from a backup"
            )
        }
    }

    /// Nil where the header is no header: SQLite then takes the log for empty.
    private init?(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        let magic = Self.word(bytes, 0)
        guard magic & 0xffff_fffe == 0x377f_0682 else { return nil }
        isBigEndian = magic & 1 == 1
        let pageBytes = Int(Self.word(bytes, 8))
        guard pageBytes >= 512, pageBytes <= 65_536, pageBytes & (pageBytes - 1) == 0 else {
            return nil
        }
        frameBytes = pageBytes + Int(SQLiteLog.frameHeaderBytes)
        salts = UInt64(Self.word(bytes, 16)) << 32 | UInt64(Self.word(bytes, 20))
    }

    /// The first spoilt frame that has acknowledged commits beyond it; nil where there is none.
    private func firstLostFrame() -> Int? {
        let count = (bytes.count - Int(SQLiteLog.headerBytes)) / frameBytes
        var sum = checksum(of: 0..<24, from: Sum(one: 0, two: 0))
        guard sum == storedSum(at: 24) else { return nil }
        var frame = 0
        while frame < count, hasSalts(frame) {
            let next = checksum(ofFrame: frame, from: sum)
            guard next == storedSum(ofFrame: frame) else { break }
            sum = next
            frame += 1
        }
        let spoilt = frame
        guard spoilt < count else { return nil }
        var commits = isCommit(spoilt) && hasSalts(spoilt) ? 1 : 0
        for frame in (spoilt + 1)..<max(count, spoilt + 1) where hasSalts(frame) {
            let before = storedSum(ofFrame: frame - 1)
            guard checksum(ofFrame: frame, from: before) == storedSum(ofFrame: frame) else {
                continue
            }
            if commits > 0 { return spoilt }
            if isCommit(frame) { commits += 1 }
        }
        return nil
    }

    private func offset(_ frame: Int) -> Int { Int(SQLiteLog.headerBytes) + frame * frameBytes }

    private func isCommit(_ frame: Int) -> Bool { Self.word(bytes, offset(frame) + 4) != 0 }

    private func hasSalts(_ frame: Int) -> Bool {
        let start = offset(frame)
        let found =
            UInt64(Self.word(bytes, start + 8)) << 32 | UInt64(Self.word(bytes, start + 12))
        return found == salts
    }

    private func storedSum(ofFrame frame: Int) -> Sum { storedSum(at: offset(frame) + 16) }

    private func storedSum(at offset: Int) -> Sum {
        Sum(one: Self.word(bytes, offset), two: Self.word(bytes, offset + 4))
    }

    private func checksum(ofFrame frame: Int, from sum: Sum) -> Sum {
        let start = offset(frame)
        let header = checksum(of: start..<(start + 8), from: sum)
        return checksum(
            of: (start + Int(SQLiteLog.frameHeaderBytes))..<(start + frameBytes),
            from: header
        )
    }

    private func checksum(of range: Range<Int>, from start: Sum) -> Sum {
        var sum = start
        var offset = range.lowerBound
        while offset < range.upperBound {
            var pair = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            var one = UInt32(truncatingIfNeeded: pair)
            pair >>= 32
            var two = UInt32(truncatingIfNeeded: pair)
            if isBigEndian {
                one = one.byteSwapped
                two = two.byteSwapped
            }
            sum.one = sum.one &+ one &+ sum.two
            sum.two = sum.two &+ two &+ sum.one
            offset += 8
        }
        return sum
    }

    /// A 32-bit number as the log writes it, the big end first.
    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
        UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
