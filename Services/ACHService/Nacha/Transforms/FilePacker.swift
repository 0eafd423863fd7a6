/// Packs batches into as few files as their order allows.
///
/// A batch goes to the first file that has room for all of it, else to a new one. Only a batch that
/// no empty file could hold is divided by its entries, and begins in what is left of the last file.
struct FilePacker {
    private struct File {
        var batches: [NachaBatch] = []
        var room: Room
    }

    private let empty: Room
    private let maximumFiles: Int
    private var files: [File] = []
    /// Whether a batch needed a file more than there may be.
    private(set) var isOverfull = false

    /// A packer of files with this room for batches.
    init(empty: Room, maximumFiles: Int) {
        self.empty = empty
        self.maximumFiles = maximumFiles
    }

    /// The batches of each file.
    var packed: [[NachaBatch]] { files.map(\.batches) }

    /// Places a batch; after an overfull one nothing is placed any more.
    mutating func place(_ batch: NachaBatch) throws(TransformFault) {
        for piece in try batch.piecesWithinRules() where !isOverfull { try placePiece(piece) }
    }

    private mutating func placePiece(_ batch: NachaBatch) throws(TransformFault) {
        var size = try batch.sizeOfEntries()
        size.records += 2
        for index in files.indices where add(batch, size, to: index) { return }
        var fresh = empty
        guard !fresh.take(size) else {
            if open() { _ = add(batch, size, to: files.count - 1) }
            return
        }
        try divide(batch)
    }

    /// Pours a batch into the last file and as many new ones as it needs.
    private mutating func divide(_ batch: NachaBatch) throws(TransformFault) {
        // Each piece has a header and a control of its own.
        func inside(_ room: Room) -> Room {
            Room(
                records: max(room.records - 2, 0),
                debits: room.debits,
                credits: room.credits
            )
        }
        if files.isEmpty, !open() { return }
        let hasPlace = files[files.count - 1].batches.count < FileLimits.batchesInFile
        let first = inside(files[files.count - 1].room)
        let none = Room(records: 0, debits: 0, credits: 0)
        let pieces = try batch.pieces(first: hasPlace ? first : none, others: inside(empty))
        for (index, piece) in pieces.enumerated() {
            if index > 0, !open() { return }
            guard !piece.entries.isEmpty else { continue }
            var size = try piece.sizeOfEntries()
            size.records += 2
            _ = add(piece, size, to: files.count - 1)
        }
    }

    private mutating func open() -> Bool {
        guard files.count < maximumFiles else {
            isOverfull = true
            return false
        }
        files.append(File(room: empty))
        return true
    }

    private mutating func add(_ batch: NachaBatch, _ size: Room, to index: Int) -> Bool {
        guard files[index].batches.count < FileLimits.batchesInFile, files[index].room.take(size)
        else { return false }
        files[index].batches.append(batch)
        return true
    }
}
