/// One thing in which two files differ.
package struct FileDifference: Hashable, Sendable {
    /// The record that it is about.
    package enum Subject: String, Hashable, Sendable, CaseIterable {
        case fileHeader
        /// The batch as a whole, or its header.
        case batch
        case entry
        case addenda
        case batchControl
        case fileControl
    }

    /// What became of it from the old file to the new one.
    package enum Change: Hashable, Sendable {
        case added
        case removed
        /// It stands elsewhere: in another order, or in another batch.
        case moved
        case changed(FieldChange)
    }

    /// How much it matters.
    package enum Weight: String, Hashable, Sendable, CaseIterable {
        /// The files say different things.
        case meaning
        /// It follows from another difference: totals from an amount, copies of a trace number from
        /// the trace number, the entries of a batch from the batch.
        case consequence
        /// Order and numbering of batches and entries alone.
        case order
    }

    package let subject: Subject
    package let change: Change
    package let weight: Weight
    /// Where it stands in the old file; nil for what was added.
    package let old: ComparedPlace?
    /// Where it stands in the new file; nil for what was removed.
    package let new: ComparedPlace?

    init(
        _ subject: Subject,
        _ change: Change,
        _ weight: Weight = .meaning,
        old: ComparedPlace? = nil,
        new: ComparedPlace? = nil
    ) {
        self.subject = subject
        self.change = change
        self.weight = weight
        self.old = old
        self.new = new
    }
}

/// A field that says something else than before.
package struct FieldChange: Hashable, Sendable {
    /// Its name in the layout, such as `amount_minor_units`.
    package let field: String
    /// First and last position, from 1.
    package let from: Int
    package let to: Int
    /// Whose secret the values are: mask them before showing them.
    package let privacy: Field.Privacy
    /// The characters as they stand, blanks included.
    package let old: String
    package let new: String
}

/// Where a record of a difference stands in its file.
package struct ComparedPlace: Hashable, Sendable {
    /// The number of its line, from 1; in a file without line ends, of its record.
    package let line: Int
    /// The number that its batch bears; nil for the records of the file.
    package let batchNumber: Int?
    /// The trace number of its entry; nil where it is no entry and no addenda.
    package let trace: String?

    init(line: Int, batchNumber: Int? = nil, trace: String? = nil) {
        self.line = line
        self.batchNumber = batchNumber
        self.trace = trace
    }
}
