/// Merges files for the same bank into as few as its limits allow.
///
/// Files go together where immediate destination and immediate origin are the same; ADV batches go
/// to files of their own (design 3.7, record 9). Batches are joined where their headers are the same
/// but for the number, entries ascend by trace number, and none is lost or changed, nor renumbered
/// unless `traces` says so: the sums of entries, addenda, debits and credits are those of the inputs.
/// The result depends on nothing but the inputs and their order: first come, first placed.
///
/// Each result has the header of the first input that goes into it, with a file ID modifier of its
/// own: what other inputs say in their reference code (positions 87-94) is not in it. A balanced
/// batch that is divided leaves its offset in one of the parts.
///
/// Source: design 3.10, "Merge"; limits of 3.8.
package struct Merge: Sendable {
    package var limits: MergeLimits
    /// The modifier of the first file of each origin; nil for that of the first input.
    package var firstModifier: FileIDModifier?
    /// The moment for the headers; nil for that of the first input of each file.
    package var creation: FileCreation?
    /// Kept, with entries whose number is taken in batches of their own; or new ones, of which none
    /// stands twice in all files of the merge.
    package var traces = TraceNumbering.kept

    /// A merge by the limits that many banks have.
    package init(
        limits: MergeLimits = .standard,
        firstModifier: FileIDModifier? = nil,
        creation: FileCreation? = nil
    ) {
        self.limits = limits
        self.firstModifier = firstModifier
        self.creation = creation
    }

    /// The merged files, in the order in which the first of each destination and origin came.
    ///
    /// Modifiers follow one another within an origin, whatever the destination, since files are told
    /// apart by origin, moment and modifier (design 3.1). Where more files would be made than
    /// modifiers are left, all is refused.
    package func merge(_ files: [NachaFile]) throws(TransformFault) -> [NachaFile] {
        var sequences: [String: Modifiers] = [:]
        var merged: [NachaFile] = []
        var numbering = Renumbering(traces)
        for group in try groups(of: files) {
            let origin = group.key.origin
            var modifiers: Modifiers
            if let known = sequences[origin] {
                modifiers = known
            } else {
                let input = files.first { $0.header?.text(14, 23) == origin }
                modifiers = Modifiers(try input?.modifier(orGiven: firstModifier) ?? .first)
            }
            for var batches in try pack(group, modifiers) {
                for index in batches.indices { try numbering.renumber(&batches[index]) }
                let modifier = modifiers.left.popFirst()
                merged.append(
                    try .closed(header: group.header, modifier: modifier, batches: batches)
                )
            }
            sequences[origin] = modifiers
        }
        return merged
    }

    private func pack(
        _ group: Group,
        _ modifiers: Modifiers
    ) throws(TransformFault) -> [[NachaBatch]] {
        var packer = FilePacker(empty: limits.emptyFile, maximumFiles: modifiers.left.count)
        for batch in group.batches.joined(keepsTraces: traces == .kept) {
            try packer.place(batch)
            guard !packer.isOverfull else {
                throw .modifiersExhausted(
                    first: modifiers.first.text,
                    left: FileIDModifier.count - modifiers.first.index
                )
            }
        }
        return packer.packed
    }

    /// The modifiers of an origin: the first, and those that are not yet given away.
    private struct Modifiers {
        let first: FileIDModifier
        var left: ArraySlice<FileIDModifier>

        init(_ first: FileIDModifier) {
            self.first = first
            left = FileIDModifier.allCases[first.index...]
        }
    }

    /// What goes into the same files.
    private struct GroupKey: Hashable {
        let destination: String
        let origin: String
        let isAdvice: Bool
    }

    private struct Group {
        let key: GroupKey
        let header: Record
        var batches = BatchJoiner()
    }

    private func groups(of files: [NachaFile]) throws(TransformFault) -> [Group] {
        var places: [GroupKey: Int] = [:]
        var groups: [Group] = []
        for (index, file) in files.enumerated() {
            guard var header = file.header else { throw .headerMissing(file: index + 1) }
            if let creation { try header.write(creation) }
            for batch in file.batches where !batch.entries.isEmpty {
                let key = GroupKey(
                    destination: header.text(4, 13),
                    origin: header.text(14, 23),
                    isAdvice: batch.entryClass == .adv
                )
                if places[key] == nil {
                    places[key] = groups.count
                    groups.append(Group(key: key, header: header))
                }
                if let place = places[key] { groups[place].batches.add(batch) }
            }
        }
        return groups
    }
}
