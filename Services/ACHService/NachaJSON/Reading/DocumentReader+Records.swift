internal import Nacha

/// The object of a record: its fields, and the members beside them.
extension DocumentReader {
    /// Members of a record's object that are no fields, and what stands for one that is unknown.
    private enum Slot {
        static let kind = 100
        static let type = 101
        static let addenda = 102
        static let routingNumber = 103
        static let record = 104
        static let unknown = 105
    }

    /// Reads the record whose members were found, by the plan of its kind.
    ///
    /// What is missing is reported by `finish`, or computed before that.
    mutating func readRecord(_ plan: RecordPlan, _ place: DocumentPlace) -> RecordDraft {
        var draft = RecordDraft(plan)
        var whole: Int?
        var extras: UInt64 = 0
        var next = 0
        slots.removeAll(keepingCapacity: true)
        for member in members {
            var slot = slot(member, plan, near: next)
            if slot < Slot.kind {
                next = slot &+ 1
                let bit = 1 as UInt64 &<< UInt64(slot)
                if draft.present & bit != 0 {
                    noteDuplicate(place, cursor.key(member))
                    slot = Slot.unknown
                }
                draft.present |= bit
            } else if slot == Slot.unknown {
                noteUnknown(place, cursor.key(member), knownNames(plan))
            } else if extras & 1 &<< UInt64(slot - Slot.kind) != 0 {
                noteDuplicate(place, cursor.key(member))
            } else {
                extras |= 1 &<< UInt64(slot - Slot.kind)
                switch slot {
                case Slot.kind: draft.kind = member.value
                case Slot.type: draft.type = member.value
                case Slot.addenda: draft.addenda = member.value
                case Slot.routingNumber: draft.routingNumber = member.value
                default: whole = member.value
                }
            }
            slots.append(slot)
        }
        if let whole { readWhole(whole, plan, place, &draft) }
        for index in members.indices where slots[index] < Slot.kind {
            let slot = slots[index]
            let value = members[index].value
            if whole != nil {
                if draft.isWhole { compare(value, slot, plan, place, draft) }
            } else if read(value, slot, plan, place, &draft) {
                draft.given |= 1 &<< UInt64(slot)
            }
        }
        // What a faulty `record` would have given is not missing.
        if whole != nil { draft.given = .max }
        return draft
    }

    /// Which member of the plan this is: mostly the one behind the last.
    @inline(__always)
    private func slot(_ member: JSONCursor.Member, _ plan: RecordPlan, near next: Int) -> Int {
        let key = cursor.bytes(member.keyStart, member.keyEnd)
        if next < plan.members.count, plan.isName(key, next) { return next }
        return farSlot(member, plan)
    }

    private func farSlot(_ member: JSONCursor.Member, _ plan: RecordPlan) -> Int {
        let name = cursor.key(member)
        if let index = plan.index(name) { return index }
        return switch name {
        case "kind": Slot.kind
        case "record": Slot.record
        case "type" where plan.kind.isAddenda: Slot.type
        case "addenda" where plan.kind.isEntry: Slot.addenda
        case "routing_number" where plan.kind.isEntry && isBuilding: Slot.routingNumber
        default: Slot.unknown
        }
    }

    private func knownNames(_ plan: RecordPlan) -> [String] {
        var names = plan.fields.map(\.name) + ["kind", "record"]
        if plan.kind.isAddenda { names.append("type") }
        if plan.kind.isEntry { names.append("addenda") }
        if plan.kind.isEntry, isBuilding { names.append("routing_number") }
        return names
    }

    /// Reports what is still missing.
    mutating func finish(_ draft: RecordDraft, _ plan: RecordPlan, _ place: DocumentPlace) {
        let all = 1 as UInt64 &<< UInt64(plan.members.count) &- 1
        guard draft.given & all != all else { return }
        for (index, field) in plan.fields.enumerated() {
            let bit = 1 as UInt64 &<< UInt64(index)
            if (draft.given | draft.present) & bit == 0 { noteMissing(place, field.name) }
        }
    }

    /// Reads all 94 characters of a record.
    private mutating func readWhole(
        _ value: Int,
        _ plan: RecordPlan,
        _ place: DocumentPlace,
        _ draft: inout RecordDraft
    ) {
        guard cursor.isString(value) else {
            return noteWrongType(place, "record", value, "a string")
        }
        guard let bytes = latin1(value), bytes.count == RecordView.length else {
            faults.add(
                .wrongForm,
                place,
                "record",
                value: cursor.shown(value),
                "The record is not 94 characters up to U+00FF.",
                "Give all 94, or leave the member out and give the fields."
            )
            return
        }
        guard bytes[0] == plan.template[1] else {
            faults.add(
                .wrongKind,
                place,
                "record",
                value: cursor.shown(value),
                "The record does not begin as a record of this place does.",
                "Give a record that begins with "
                    + plan.template.text(1, 1) + "."
            )
            return
        }
        draft.record = Record(bytes)
        draft.isWhole = true
    }

    /// The characters of a string as bytes; nil where one is beyond U+00FF.
    func latin1(_ value: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        for scalar in cursor.string(value).unicodeScalars {
            guard scalar.value <= 0xFF else { return nil }
            bytes.append(UInt8(scalar.value))
        }
        return bytes
    }
}

extension RecordPlan {
    /// Whether a key is the name of a member, as it is usually written.
    @inline(__always)
    fileprivate func isName(_ key: UnsafeRawBufferPointer, _ index: Int) -> Bool {
        let member = members[index]
        // A comma and a quote before the name; a quote, a colon and perhaps a quote behind it.
        let count = member.prefixCount &- (member.isNumber ? 4 : 5)
        guard key.count == count else { return false }
        return prefixes.withUnsafeBytes { prefixes in
            var position = 0
            while position < count {
                if key[position] != prefixes[member.prefix &+ 2 &+ position] { return false }
                position &+= 1
            }
            return true
        }
    }
}
