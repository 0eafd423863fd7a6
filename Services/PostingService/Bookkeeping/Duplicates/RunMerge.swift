import Storage

/// A merge of neighbouring runs into one of the next level, done a slice at a time.
///
/// The output stays invisible until its last slice, which makes it live and its inputs obsolete in
/// one transaction; a merge that a crash cut short is thrown away at the next start. A value: a slice
/// works on a copy, and the copy replaces the original only after all of its SQL has succeeded.
struct RunMerge {
    let inputs: [SortedRun]
    private(set) var output: SortedRun
    private var cursors: [Cursor]

    init(_ inputs: [SortedRun], id: Int64) {
        self.inputs = inputs
        let first = inputs.map(\.firstEntry).min() ?? 1
        output = SortedRun(
            id: id,
            level: (inputs.map(\.level).max() ?? 0) + 1,
            firstEntry: first,
            entries: 0,
            partStarts: []
        )
        cursors = inputs.map { Cursor(run: $0, shift: UInt32($0.firstEntry - first)) }
    }

    /// Writes up to a slice of parts; true once the output holds everything.
    mutating func writeSlice(in transaction: WriteTransaction) throws -> Bool {
        var part = [UInt8](
            repeating: 0,
            count: RunParts.rowsPerPart * RunParts.rowBytes
        )
        for _ in 0..<RunParts.partsPerSlice {
            let rows = try fill(&part, in: transaction)
            guard rows > 0 else { return true }
            let number = output.partStarts.count
            try part.withUnsafeBytes { bytes in
                let used = UnsafeRawBufferPointer(rebasing: bytes[..<(rows * RunParts.rowBytes)])
                output.partStarts.append(RunParts.hash(used, 0))
                try RunParts.insert(run: output.id, part: number, bytes: used, in: transaction)
            }
            output.entries += rows
        }
        return false
    }

    /// Takes the smallest rows of all inputs into `part`; gives their number.
    private mutating func fill(
        _ part: inout [UInt8],
        in transaction: WriteTransaction
    ) throws -> Int {
        for index in cursors.indices { try cursors[index].load(in: transaction) }
        var row = 0
        while row < RunParts.rowsPerPart, let least = leastCursor() {
            part.withUnsafeMutableBytes { bytes in
                RunParts.put(cursors[least].hash, cursors[least].offset, at: row, into: bytes)
            }
            row += 1
            if cursors[least].advance() { try cursors[least].load(in: transaction) }
        }
        return row
    }

    private func leastCursor() -> Int? {
        var least: Int?
        var smallest = UInt64.max
        for index in cursors.indices where !cursors[index].isAtEnd {
            if least == nil || cursors[index].hash < smallest {
                least = index
                smallest = cursors[index].hash
            }
        }
        return least
    }
}

extension RunMerge {
    /// A place in one input: its current part is copied, as the next statement ends its life.
    private struct Cursor {
        let run: SortedRun
        let shift: UInt32
        private var bytes: [UInt8] = []
        private var part = -1
        private var row = 0
        private(set) var hash: UInt64 = 0
        private(set) var offset: UInt32 = 0

        init(run: SortedRun, shift: UInt32) {
            self.run = run
            self.shift = shift
        }

        var isAtEnd: Bool { part >= run.partStarts.count }

        /// Reads the next part where the present one is used up.
        mutating func load(in transaction: WriteTransaction) throws {
            while !isAtEnd, part < 0 || row * RunParts.rowBytes >= bytes.count {
                part += 1
                row = 0
                guard !isAtEnd else { return }
                bytes = try Self.read(run, part, in: transaction)
            }
            take()
        }

        /// Steps to the next row; true where another part must be loaded first.
        mutating func advance() -> Bool {
            row += 1
            if row * RunParts.rowBytes >= bytes.count { return true }
            take()
            return false
        }

        private mutating func take() {
            guard !isAtEnd else { return }
            bytes.withUnsafeBytes { all in
                hash = RunParts.hash(all, row)
                offset = RunParts.offset(all, row) + shift
            }
        }

        private static func read(
            _ run: SortedRun,
            _ part: Int,
            in transaction: WriteTransaction
        ) throws -> [UInt8] {
            let statement = try transaction.statement("SELECT b FROM dup_run WHERE id = ?1")
            statement.bind(1, RunParts.key(run: run.id, part: part))
            guard try statement.step() else {
                throw LedgerFault.runIsDamaged(run: run.id, part: part)
            }
            let bytes = Array(statement.blob(0))
            statement.reset()
            return bytes
        }
    }
}
