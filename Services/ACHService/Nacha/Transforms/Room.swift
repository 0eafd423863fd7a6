/// How much is left: records, and cents on either side.
struct Room: Hashable, Sendable {
    var records: Int
    var debits: UInt64
    var credits: UInt64

    /// The room of a batch's entries by the rules: its count has six digits (design 3.8), and its
    /// totals twelve, but for ADV, whose twenty no file can fill.
    static func batch(of entryClass: StandardEntryClass) -> Room {
        let total = entryClass == .adv ? UInt64.max : FileLimits.totalMinorUnits
        return Room(records: Int(FileLimits.recordsInBatch), debits: total, credits: total)
    }

    /// Takes room away; false, and nothing taken, where there is not enough.
    mutating func take(_ other: Room) -> Bool {
        guard other.records <= records, other.debits <= debits, other.credits <= credits
        else { return false }
        records -= other.records
        debits -= other.debits
        credits -= other.credits
        return true
    }

    /// Widens by another, as far as numbers go.
    mutating func add(_ other: Room) {
        records += other.records
        let (debits, debitOverflow) = debits.addingReportingOverflow(other.debits)
        let (credits, creditOverflow) = credits.addingReportingOverflow(other.credits)
        self.debits = debitOverflow ? .max : debits
        self.credits = creditOverflow ? .max : credits
    }
}

extension NachaBatch {
    /// What an entry and its addenda take.
    func size(of entry: EntryDetail) throws(TransformFault) -> Room {
        guard let code = entry.transactionCode else {
            throw .transactionCodeUnknown(EntryPlace(self, entry))
        }
        let amount = entry.amountMinorUnits(in: entryClass)
        return Room(
            records: 1 + entry.addenda.count,
            debits: code.side == .debit ? amount : 0,
            credits: code.side == .credit ? amount : 0
        )
    }

    /// What the entries take together, header and control not counted.
    func sizeOfEntries() throws(TransformFault) -> Room {
        var sum = Room(records: 0, debits: 0, credits: 0)
        for entry in entries { sum.add(try size(of: entry)) }
        return sum
    }

    /// The batch in pieces, each as large as its room: the first one, which may stay empty, has
    /// another room than those that follow.
    ///
    /// Entries stay in order. Refuses an entry that does not fit alone.
    func pieces(first: Room, others: Room) throws(TransformFault) -> [NachaBatch] {
        var pieces: [NachaBatch] = []
        var left = first
        var start = 0
        func cut(before end: Int) {
            var piece = self
            piece.entries = Array(entries[start..<end])
            pieces.append(piece)
            start = end
        }
        for index in entries.indices {
            let size = try size(of: entries[index])
            if left.take(size) { continue }
            cut(before: index)
            left = others
            guard left.take(size) else {
                throw .entryExceedsLimits(EntryPlace(self, entries[index]))
            }
        }
        cut(before: entries.count)
        return pieces
    }

    /// The batch as it is, or in pieces of which each fits the count and the totals of its control.
    func piecesWithinRules() throws(TransformFault) -> [NachaBatch] {
        let room = Room.batch(of: entryClass)
        var enough = room
        if try enough.take(sizeOfEntries()) { return [self] }
        return try pieces(first: room, others: room)
    }
}
