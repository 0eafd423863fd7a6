/// Which bytes of the body files are free: a value, so that its rule can be tested alone.
///
/// A body is given the first hole that holds it, else what follows the newest file's last body, else a
/// new file. Free runs that touch are one hole; one that reaches the tail is no hole but moves it.
struct BodySpace: Sendable {
    /// Size that a file does not pass unless one body alone does.
    private let fileBytes: Int
    private(set) var file = 1
    /// End of the newest file's last body.
    private(set) var tail = 0
    /// Free runs before the tail, in ascending order.
    private(set) var holes: [BodyExtent] = []

    /// The space that `used` leaves, which is in ascending order.
    init(fileBytes: Int, used: [BodyExtent] = []) {
        self.fileBytes = fileBytes
        for extent in used {
            while file < extent.file { beginFile() }
            if extent.offset > tail { addHole(at: tail, count: extent.offset - tail) }
            tail = max(tail, extent.end)
        }
    }

    mutating func allocate(_ count: Int) -> BodyExtent {
        if let index = holes.firstIndex(where: { $0.count >= count }) {
            let hole = holes.remove(at: index)
            let extent = BodyExtent(file: hole.file, offset: hole.offset, count: count)
            if hole.count > count {
                let rest = hole.count - count
                holes.insert(
                    BodyExtent(file: hole.file, offset: extent.end, count: rest),
                    at: index
                )
            }
            return extent
        }
        if tail + count > fileBytes, tail > 0 { beginFile() }
        defer { tail += count }
        return BodyExtent(file: file, offset: tail, count: count)
    }

    /// Takes back a place that was given, and that no row will refer to.
    mutating func release(_ extent: BodyExtent) {
        guard extent.count > 0 else { return }
        let index =
            holes.firstIndex { ($0.file, $0.offset) > (extent.file, extent.offset) } ?? holes.count
        holes.insert(extent, at: index)
        joinHole(at: index)
        if index > 0 { joinHole(at: index - 1) }
        guard let last = holes.last, last.file == file, last.end == tail else { return }
        tail = last.offset
        holes.removeLast()
    }

    /// Makes a hole and its next one, if they touch.
    private mutating func joinHole(at index: Int) {
        guard index + 1 < holes.count else { return }
        let (hole, next) = (holes[index], holes[index + 1])
        guard hole.file == next.file, hole.end == next.offset else { return }
        holes[index] = BodyExtent(
            file: hole.file,
            offset: hole.offset,
            count: hole.count + next.count
        )
        holes.remove(at: index + 1)
    }

    private mutating func beginFile() {
        if tail < fileBytes { addHole(at: tail, count: fileBytes - tail) }
        file += 1
        tail = 0
    }

    private mutating func addHole(at offset: Int, count: Int) {
        holes.append(BodyExtent(file: file, offset: offset, count: count))
    }
}
