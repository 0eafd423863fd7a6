internal import Nacha

/// The entries of a batch and their addenda.
extension DocumentReader {
    mutating func readEntries(
        _ list: Int,
        _ batch: Int,
        _ kinds: BatchKinds,
        _ header: Record
    ) -> [EntryDetail] {
        let plan = RecordPlan.of(kinds.entry)
        var entries: [EntryDetail] = []
        cursor.forEachElement(of: list) { value, index in
            let place = DocumentPlace.entry(batch, index)
            guard cursor.isObject(value) else {
                noteWrongType(place, nil, value, "an object")
                return cursor.endOfValue(value)
            }
            let end = cursor.members(of: value, into: &members)
            var draft = readRecord(plan, place)
            checkKind(draft, plan, place)
            let addenda = addendaList(draft, place)
            if isBuilding {
                completeEntry(&draft, plan, place, header, addendaCount: count(addenda))
            }
            finish(draft, plan, place)
            var entry = EntryDetail(record: draft.record)
            if let addenda {
                entry.addenda = readAddenda(addenda, batch, index, draft.record, kinds)
            }
            entries.append(entry)
            return end
        }
        return entries
    }

    private mutating func addendaList(_ draft: RecordDraft, _ place: DocumentPlace) -> Int? {
        draft.addenda.flatMap { value($0, place, "addenda", .array) }
    }

    private func count(_ list: Int?) -> Int {
        guard let list else { return 0 }
        var count = 0
        cursor.forEachElement(of: list) { value, _ in
            count += 1
            return cursor.endOfValue(value)
        }
        return count
    }

    private mutating func readAddenda(
        _ list: Int,
        _ batch: Int,
        _ entry: Int,
        _ record: Record,
        _ kinds: BatchKinds
    ) -> [Addenda] {
        var addenda: [Addenda] = []
        building.beginEntry()
        cursor.forEachElement(of: list) { value, index in
            let place = DocumentPlace.addenda(batch, entry, index)
            guard cursor.isObject(value) else {
                noteWrongType(place, nil, value, "an object")
                return cursor.endOfValue(value)
            }
            let end = cursor.members(of: value, into: &members)
            if let record = readAddenda(place, of: record, kinds) {
                addenda.append(Addenda(record: record))
            }
            return end
        }
        return addenda
    }

    private mutating func readAddenda(
        _ place: DocumentPlace,
        of entry: Record,
        _ kinds: BatchKinds
    ) -> Record? {
        guard let kind = addendaKind(place) else { return nil }
        guard kind != .unknown else { return readUnknownAddenda(place) }
        let before = faults.count
        let plan = RecordPlan.of(kind)
        var draft = readRecord(plan, place)
        checkKind(draft, plan, place)
        if isBuilding { completeAddenda(&draft, plan, place, of: entry, kinds) }
        finish(draft, plan, place)
        let found = draft.record.withView { RecordKind(addenda: $0) }
        if found != kind, faults.count == before {
            // The code that the record bears makes it another variant of its type.
            let member = plan.fields.first?.name ?? "type"
            noteWrongKind(place, member, draft.record.trimmedText(4, 6), found.rawValue)
        }
        return draft.record
    }

    /// Addenda of no known type have no fields: all their characters stand in `record`.
    private mutating func readUnknownAddenda(_ place: DocumentPlace) -> Record? {
        let values = named(members, place, ["kind", "record"])
        guard let record = value(values["record"], place, "record", .string),
            let bytes = latin1(record), bytes.count == RecordView.length
        else { return nil }
        guard bytes.first == UInt8(ascii: "7") else {
            let shown = cursor.shown(record)
            noteWrongKind(place, "record", shown, "addenda, which begin with 7")
            return nil
        }
        return Record(bytes)
    }
}
