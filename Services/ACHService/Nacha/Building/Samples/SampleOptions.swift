/// What a sample file is to hold.
package struct SampleOptions: Hashable, Sendable {
    /// The sides of the entries, where their class leaves a choice.
    package enum Sides: String, Hashable, Sendable, CaseIterable {
        case credits
        case debits
        case mixed
    }

    /// Whether entries carry addenda, where their class leaves a choice.
    package enum AddendaChoice: String, Hashable, Sendable, CaseIterable {
        /// Only where the rules want them.
        case necessary
        /// On about every other entry.
        case some
        /// On every entry: several where several may be.
        case all
    }

    /// What answers entries of the class instead of the entries themselves.
    package enum Answer: String, Hashable, Sendable, CaseIterable {
        case returned
        case dishonored
        case contested
        /// A COR batch with notifications of change.
        case change
        case refusedChange

        /// Whether the batch is one of COR.
        package var isChange: Bool { self == .change || self == .refusedChange }
    }

    package var entryClass: StandardEntryClass
    /// Nil for forward entries.
    package var answer: Answer?
    package var batchCount: Int
    package var entriesPerBatch: Int
    package var sides: Sides
    package var addenda: AddendaChoice
    /// Whether about every fourth entry is a prenote, where the class has them.
    package var hasPrenotes: Bool
    /// Whether about every fourth entry is a zero-dollar entry, where the class has them.
    package var hasZeroDollarEntries: Bool
    /// The day on which the file is made.
    package var date: CivilDate
    package var modifier: FileIDModifier
    package var form: FileForm

    package init(
        _ entryClass: StandardEntryClass,
        answer: Answer? = nil,
        batchCount: Int = 1,
        entriesPerBatch: Int = 10,
        sides: Sides = .mixed,
        addenda: AddendaChoice = .some,
        hasPrenotes: Bool = false,
        hasZeroDollarEntries: Bool = false,
        date: CivilDate = CivilDate(unchecked: 2026, 6, 1),
        modifier: FileIDModifier = .first,
        form: FileForm = FileForm()
    ) {
        self.entryClass = entryClass
        self.answer = answer
        self.batchCount = batchCount
        self.entriesPerBatch = entriesPerBatch
        self.sides = sides
        self.addenda = addenda
        self.hasPrenotes = hasPrenotes
        self.hasZeroDollarEntries = hasZeroDollarEntries
        self.date = date
        self.modifier = modifier
        self.form = form
    }

    /// The class of the batches: COR where changes answer the entries.
    package var batchClass: StandardEntryClass {
        answer?.isChange == true ? .cor : entryClass
    }

    /// Which answers there are to entries of a class: ADV and COR have none, IAT returns alone.
    package static func answers(to entryClass: StandardEntryClass) -> [Answer] {
        switch entryClass {
        case .adv, .cor: []
        case .iat: [.returned]
        default: Answer.allCases
        }
    }
}
