/// The two files into which one was split by the side of its entries.
package struct SplitFiles: Sendable {
    /// What credits the receivers; nil where nothing does.
    package let credits: NachaFile?
    /// What debits them; nil where nothing does.
    package let debits: NachaFile?

    /// Both, credits first, without what is not there.
    package var all: [NachaFile] { [credits, debits].compactMap { $0 } }
}

extension NachaFile {
    /// The file as two: one of credits, one of debits.
    ///
    /// Prenotes, zero-dollar entries, returns and changes go where their transaction code belongs.
    /// Batches become 220 and 225, those of ADV stay 280; they keep their order and are numbered
    /// from 1; entries and trace numbers stay as they are. A batch of class 200 with both sides
    /// becomes a batch in each file.
    ///
    /// The credits have the modifier of the file, or the one given; the debits the next one, but
    /// the first where there are no credits. Refuses entries whose code is on no side, and a second
    /// file behind modifier 9.
    ///
    /// Source: design 3.10, "Segment credit/debit files".
    package func splitBySide(
        firstModifier: FileIDModifier? = nil
    ) throws(TransformFault) -> SplitFiles {
        guard header != nil else { throw .headerMissing(file: 1) }
        let first = try modifier(orGiven: firstModifier)
        let credits = try batches(on: .credit)
        let debits = try batches(on: .debit)
        let creditFile =
            credits.isEmpty
            ? nil : try NachaFile.closed(header: header, modifier: first, batches: credits)
        guard !debits.isEmpty else { return SplitFiles(credits: creditFile, debits: nil) }
        guard let second = credits.isEmpty ? first : first.next else {
            throw .modifiersExhausted(first: first.text, left: 1)
        }
        let debitFile = try NachaFile.closed(header: header, modifier: second, batches: debits)
        return SplitFiles(credits: creditFile, debits: debitFile)
    }

    private func batches(
        on side: TransactionCode.Side
    ) throws(TransformFault) -> [NachaBatch] {
        var found: [NachaBatch] = []
        for batch in batches {
            var part = batch
            part.entries = []
            for entry in batch.entries {
                guard let code = entry.transactionCode else {
                    throw .transactionCodeUnknown(EntryPlace(batch, entry))
                }
                if code.side == side { part.entries.append(entry) }
            }
            guard !part.entries.isEmpty else { continue }
            let serviceClass: ServiceClass =
                batch.entryClass == .adv
                ? .advices : side == .credit ? .creditsOnly : .debitsOnly
            part.header.write(serviceClass.rawValue, 2, 4)
            found.append(part)
        }
        return found
    }
}
