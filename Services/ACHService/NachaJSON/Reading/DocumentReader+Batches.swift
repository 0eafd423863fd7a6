internal import Nacha

/// Headers and controls, and the batches between them.
extension DocumentReader {
    mutating func readFileHeader(_ header: Int?) -> Record? {
        let place = DocumentPlace.fileHeader
        guard let header else {
            noteMissing(.document, "file_header")
            return nil
        }
        if cursor.isNull(header), !isBuilding { return nil }
        guard cursor.isObject(header) else {
            noteWrongType(place, nil, header, isBuilding ? "an object" : "an object or null")
            return nil
        }
        cursor.members(of: header, into: &members)
        let plan = RecordPlan.of(.fileHeader)
        var draft = readRecord(plan, place)
        checkKind(draft, plan, place)
        if isBuilding { completeFileHeader(&draft, plan, place) }
        finish(draft, plan, place)
        return draft.record
    }

    /// Reads a control; null, or none where it is computed.
    mutating func readControl(
        _ control: Int?,
        _ parent: DocumentPlace,
        _ name: String,
        _ kind: RecordKind
    ) -> Record? {
        guard let control else {
            if !isBuilding { noteMissing(parent, name) }
            return nil
        }
        if cursor.isNull(control) { return nil }
        let place: DocumentPlace
        if case .batch(let batch) = parent { place = .control(batch) } else { place = .fileControl }
        guard cursor.isObject(control) else {
            noteWrongType(place, nil, control, "an object or null")
            return nil
        }
        cursor.members(of: control, into: &members)
        let plan = RecordPlan.of(kind)
        let draft = readRecord(plan, place)
        checkKind(draft, plan, place)
        finish(draft, plan, place)
        return draft.record
    }

    mutating func readBatches(_ batches: Int, into file: inout NachaFile) {
        cursor.forEachElement(of: batches) { batch, index in
            guard cursor.isObject(batch) else {
                noteWrongType(.batch(index), nil, batch, "an object")
                return cursor.endOfValue(batch)
            }
            var members: [JSONCursor.Member] = []
            let end = cursor.members(of: batch, into: &members)
            let values = named(members, .batch(index), ["header", "entries", "control"])
            if let batch = readBatch(values, index) { file.batches.append(batch) }
            return end
        }
    }

    private mutating func readBatch(_ values: [String: Int], _ index: Int) -> NachaBatch? {
        let place = DocumentPlace.batch(index)
        building.beginBatch()
        let header = readHeader(values["header"], index)
        let kinds = header.map { $0.withView { BatchKinds($0) } } ?? BatchKinds()
        var entries: [EntryDetail] = []
        if let list = value(values["entries"], place, "entries", .array) {
            entries = readEntries(list, index, kinds, header ?? Record())
        }
        if building.needsServiceClass { building.batchesWithoutServiceClass.insert(index) }
        let control = readControl(values["control"], place, "control", kinds.control)
        guard let header else { return nil }
        return NachaBatch(header: header, entries: entries, control: control)
    }

    private mutating func readHeader(_ header: Int?, _ batch: Int) -> Record? {
        let place = DocumentPlace.header(batch)
        guard let header = value(header, .batch(batch), "header", .object) else { return nil }
        cursor.members(of: header, into: &members)
        let before = faults.count
        let plan = RecordPlan.of(headerKind())
        var draft = readRecord(plan, place)
        checkKind(draft, plan, place)
        if isBuilding { completeHeader(&draft, plan, place) }
        finish(draft, plan, place)
        let kind = draft.record.withView { RecordKind(batchHeader: $0) }
        if kind != plan.kind, faults.count == before, let given = draft.kind {
            noteWrongKind(place, "kind", cursor.shown(given), kind.rawValue)
        }
        return draft.record
    }
}
