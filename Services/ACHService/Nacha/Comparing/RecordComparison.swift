/// Finds the fields in which two records of one kind differ.
enum RecordComparison {
    /// The changed fields in order; empty for records of the same bytes.
    static func changes(_ old: Record, _ new: Record, _ kind: RecordKind) -> [FieldChange] {
        guard old != new, let layout = kind.layout else { return [] }
        return old.withView { old in
            new.withView { new in
                layout.fields.compactMap { field in
                    guard !old.matches(field.from, field.to, new, at: field.from) else {
                        return nil
                    }
                    return FieldChange(
                        field: field.name,
                        from: field.from,
                        to: field.to,
                        privacy: field.privacy,
                        old: old.text(field.from, field.to),
                        new: new.text(field.from, field.to)
                    )
                }
            }
        }
    }
}

extension Record {
    /// A record with these stretches of this one and blanks elsewhere: a key for hashing.
    func keeping(_ stretches: ClosedRange<Int>...) -> Record {
        var key = Record()
        for stretch in stretches {
            for position in stretch { key[position] = self[position] }
        }
        return key
    }
}
