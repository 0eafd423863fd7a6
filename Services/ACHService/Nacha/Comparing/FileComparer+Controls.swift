/// Controls: what they say differently although the entries do not explain it.
extension FileComparer {
    /// Compares the controls of two batches; a message authentication code is a field as any other.
    mutating func compareBatchControls(_ oldIndex: Int, _ newIndex: Int) {
        let oldBatch = old.file.batches[oldIndex]
        let newBatch = new.file.batches[newIndex]
        switch (oldBatch.control, newBatch.control) {
        case (let oldControl?, let newControl?):
            guard oldControl != newControl else { return }
            let kind: RecordKind =
                newBatch.entryClass == .adv ? .adviceBatchControl : .batchControl
            let expected = (oldBatch.expectedControl, newBatch.expectedControl)
            for change in RecordComparison.changes(oldControl, newControl, kind) {
                list.add(
                    FileDifference(
                        .batchControl,
                        .changed(change),
                        change.field == "batch_number" ? .order : change.weight(expected),
                        old: old.place(ofControl: oldIndex),
                        new: new.place(ofControl: newIndex)
                    )
                )
            }
        case (_?, nil):
            let place = old.place(ofControl: oldIndex)
            list.add(FileDifference(.batchControl, .removed, old: place))
        case (nil, _?):
            let place = new.place(ofControl: newIndex)
            list.add(FileDifference(.batchControl, .added, new: place))
        case (nil, nil): break
        }
    }

    /// Compares the file controls but for the block count, which follows from the form.
    mutating func compareFileControls() {
        switch (old.file.control, new.file.control) {
        case (let oldControl?, let newControl?):
            guard oldControl != newControl else { return }
            let kind: RecordKind = new.file.isAdvice ? .adviceFileControl : .fileControl
            let expected = (old.file.expectedControl, new.file.expectedControl)
            let changes = RecordComparison.changes(oldControl, newControl, kind)
            for change in changes where change.field != "block_count" {
                list.add(
                    FileDifference(
                        .fileControl,
                        .changed(change),
                        change.weight(expected),
                        old: old.controlPlace,
                        new: new.controlPlace
                    )
                )
            }
        case (_?, nil): list.add(FileDifference(.fileControl, .removed, old: old.controlPlace))
        case (nil, _?): list.add(FileDifference(.fileControl, .added, new: new.controlPlace))
        case (nil, nil): break
        }
    }
}

extension FieldChange {
    /// A consequence where both sides say what their entries call for; else somebody changed it.
    fileprivate func weight(_ expected: (old: Record?, new: Record?)) -> FileDifference.Weight {
        let follows =
            expected.old?.text(from, to) == old && expected.new?.text(from, to) == new
        return follows ? .consequence : .meaning
    }
}

extension NachaBatch {
    /// The control that the header and the entries call for; nil where they do not add up.
    fileprivate var expectedControl: Record? {
        // Whatever is wrong with the entries, nothing is expected of their control then.
        guard let totals = try? EntryTotals(of: self) else { return nil }
        return Record(batchControlOf: header, totals: totals, isAdvice: entryClass == .adv)
    }
}

extension NachaFile {
    /// The control that the batches call for; nil where they do not add up.
    fileprivate var expectedControl: Record? {
        var totals = EntryTotals()
        do {
            for batch in batches { try totals.add(EntryTotals(of: batch)) }
            return try Record(
                fileControlOf: totals,
                batchCount: UInt64(batches.count),
                recordCount: UInt64(recordCount),
                isAdvice: isAdvice
            )
        } catch {
            // Whatever is wrong with the entries, nothing is expected of their control then.
            return nil
        }
    }
}
