/// Compares the addenda of two entries that are partners.
struct AddendaComparison {
    let old: EntryDetail
    let new: EntryDetail
    let oldPlaces: [ComparedPlace]
    let newPlaces: [ComparedPlace]

    /// Compares two addenda; those of different types are one removed and one added.
    func compare(_ oldIndex: Int, _ newIndex: Int, into list: inout DifferenceList) {
        let oldAddenda = old.addenda[oldIndex]
        let newAddenda = new.addenda[newIndex]
        guard oldAddenda.kind == newAddenda.kind else {
            remove(oldIndex, into: &list)
            add(newIndex, into: &list)
            return
        }
        for change in RecordComparison.changes(
            oldAddenda.record,
            newAddenda.record,
            newAddenda.kind
        ) {
            list.add(
                FileDifference(
                    .addenda,
                    .changed(change),
                    weight(of: change, oldIndex, newIndex),
                    old: oldPlaces[oldIndex],
                    new: newPlaces[newIndex]
                )
            )
        }
    }

    func remove(_ index: Int, into list: inout DifferenceList) {
        list.add(FileDifference(.addenda, .removed, old: oldPlaces[index]))
    }

    func add(_ index: Int, into list: inout DifferenceList) {
        list.add(FileDifference(.addenda, .added, new: newPlaces[index]))
    }

    /// A sequence number follows where the addenda stands elsewhere; a copy of the trace number, where
    /// it is one on both sides: both stand at the positions that they have in the entry.
    private func weight(
        of change: FieldChange,
        _ oldIndex: Int,
        _ newIndex: Int
    ) -> FileDifference.Weight {
        switch change.field {
        case "addenda_sequence_number":
            return oldIndex == newIndex ? .meaning : .consequence
        case "entry_detail_sequence_number", "trace_number":
            let isCopy =
                change.old == old.record.text(change.from, change.to)
                && change.new == new.record.text(change.from, change.to)
            return isCopy ? .consequence : .meaning
        default:
            return .meaning
        }
    }
}

extension Addenda {
    /// What the addenda says, without its number and without the entry's.
    var content: Record {
        switch kind {
        case .paymentAddenda, .remittanceAddenda, .correspondentAddenda: record.keeping(1...83)
        case .terminalAddenda, .changeAddenda, .refusedChangeAddenda, .returnAddenda,
            .dishonoredAddenda, .contestedAddenda:
            record.keeping(1...79)
        case .unknown: record
        default: record.keeping(1...87)
        }
    }
}
