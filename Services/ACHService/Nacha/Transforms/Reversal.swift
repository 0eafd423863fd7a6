/// Makes the file that moves the money of another one back.
///
/// Each entry keeps account, amount, SEC code, company, and addenda, as the rules ask of a reversal;
/// the transaction code changes its side (22 and 27, 32 and 37, 42 and 47, 52 and 55), the service
/// class follows, and the company entry description says REVERSAL. That goes for RCK too, whose
/// REDEPCHECK stands aside: the field holds one word, and the one that lets the credit through is
/// REVERSAL. The effective entry date is given; a wish for settlement on the same day (`SDhhmm`) is
/// not repeated, and the operator's settlement date becomes blank.
///
/// A loan debit (55) is reversed by the credit 52 in a batch of class 220.
///
/// Source: design 3.3, 3.7 (SEC rules) and 3.10, "Reversal".
package struct Reversal: Sendable {
    package var effectiveEntryDate: CivilDate
    package var creation: FileCreation
    package var modifier: FileIDModifier
    /// Kept, so that a reversal and its entry can be told to belong together; or new ones, so that a
    /// return of the reversal cannot be taken for a return of the entry.
    package var traces = TraceNumbering.kept
    /// Whether entries that cannot be reversed are left out; else they are a fault.
    package var skipsIrreversible = false

    /// A reversal that is to settle on a day, in a file of its own.
    package init(
        effectiveEntryDate: CivilDate,
        creation: FileCreation,
        modifier: FileIDModifier
    ) {
        self.effectiveEntryDate = effectiveEntryDate
        self.creation = creation
        self.modifier = modifier
    }

    /// A reversal file, and what it leaves as it was.
    package struct Outcome: Sendable {
        package let file: NachaFile
        /// In the order of the file; empty unless `skipsIrreversible`.
        package let skipped: [IrreversibleEntry]
    }

    /// The reversal of a whole file, or of chosen entries.
    ///
    /// Refuses entries that move no money, answers, and what its class cannot take back, all in one
    /// list; selectors that name no entry or several; and to make a file without entries.
    package func reverse(
        _ file: NachaFile,
        only selectors: [EntrySelector]? = nil
    ) throws(TransformFault) -> Outcome {
        guard var header = file.header else { throw .headerMissing(file: 1) }
        let selection = try EntrySelection(selectors, orAllOf: file)
        try header.write(creation)
        var skipped: [IrreversibleEntry] = []
        var batches: [NachaBatch] = []
        var numbering = Renumbering(traces)
        for (index, batch) in file.batches.enumerated() {
            var reversed = batch
            reversed.entries = []
            for entry in selection.entries(ofBatch: index).lazy.map({ batch.entries[$0] }) {
                if let reason = batch.reasonNotToReverse(entry) {
                    skipped.append(IrreversibleEntry(EntryPlace(batch, entry), reason))
                    continue
                }
                reversed.entries.append(entry.reversed)
            }
            guard !reversed.entries.isEmpty else { continue }
            try numbering.renumber(&reversed)
            try writeHeader(&reversed)
            batches.append(reversed)
        }
        guard skipped.isEmpty || skipsIrreversible else { throw .entriesIrreversible(skipped) }
        guard !batches.isEmpty else { throw .nothingToReverse }
        return Outcome(
            file: try .closed(header: header, modifier: modifier, batches: batches),
            skipped: skipped
        )
    }

    private func writeHeader(_ batch: inout NachaBatch) throws(TransformFault) {
        switch batch.serviceClass {
        case .creditsOnly: batch.header.write(ServiceClass.debitsOnly.rawValue, 2, 4)
        case .debitsOnly: batch.header.write(ServiceClass.creditsOnly.rawValue, 2, 4)
        case .mixed, .advices, nil: break
        }
        batch.header.write("REVERSAL", 54, 63)
        // In the form of IAT, positions 64-69 are currencies.
        if batch.headerKind == .batchHeader, batch.header.text(64, 65) == "SD" {
            batch.header.write("", 64, 69)
        }
        try batch.header.writeDate(effectiveEntryDate, at: 70)
        batch.header.write("", 76, 78)
    }
}

extension EntryDetail {
    /// The entry with the code that moves its money back; the same where there is none.
    fileprivate var reversed: EntryDetail {
        var entry = self
        if let code = transactionCode?.reversed { entry.record.write(code.number, 2, 3) }
        return entry
    }
}

extension EntrySelection {
    fileprivate init(
        _ selectors: [EntrySelector]?,
        orAllOf file: NachaFile
    ) throws(TransformFault) {
        if let selectors {
            try self.init(selectors, in: file)
        } else {
            self.init(allOf: file)
        }
    }
}
