/// Values of any object of a document: which members it has, and of which type they are.
extension DocumentReader {
    /// The types of values that are asked for.
    enum ValueType: String {
        case object = "an object"
        case array = "a list"
        case string = "a string"
    }

    /// The members of an object by their names; reports those that stand twice or have no meaning.
    mutating func named(
        _ object: Int,
        _ place: DocumentPlace,
        _ names: Set<String>
    ) -> [String: Int] {
        var members: [JSONCursor.Member] = []
        cursor.members(of: object, into: &members)
        return named(members, place, names)
    }

    /// The same of members that were found already.
    mutating func named(
        _ members: [JSONCursor.Member],
        _ place: DocumentPlace,
        _ names: Set<String>
    ) -> [String: Int] {
        var values: [String: Int] = [:]
        for member in members {
            let name = cursor.key(member)
            if !names.contains(name) {
                noteUnknown(place, name, names.sorted())
            } else if values.updateValue(member.value, forKey: name) != nil {
                noteDuplicate(place, name)
            }
        }
        return values
    }

    /// Where a value stands that must be there and have a type.
    mutating func value(
        _ value: Int?,
        _ place: DocumentPlace,
        _ name: String,
        _ type: ValueType
    ) -> Int? {
        guard let value else {
            noteMissing(place, name)
            return nil
        }
        let fits =
            switch type {
            case .object: cursor.isObject(value)
            case .array: cursor.isArray(value)
            case .string: cursor.isString(value)
            }
        if fits { return value }
        noteWrongType(place, name, value, type.rawValue)
        return nil
    }

    mutating func readBoolean(
        _ value: Int?,
        _ place: DocumentPlace,
        _ name: String,
        isRequired: Bool
    ) -> Bool? {
        guard let value else {
            if isRequired { noteMissing(place, name) }
            return nil
        }
        if let boolean = cursor.boolean(value) { return boolean }
        noteWrongType(place, name, value, "true or false")
        return nil
    }

    /// Reads a whole number up to a limit.
    mutating func readInteger(
        _ value: Int?,
        _ place: DocumentPlace,
        _ name: String,
        limit: Int
    ) -> Int? {
        guard let value else {
            noteMissing(place, name)
            return nil
        }
        guard cursor.digits(value) != nil else {
            noteWrongType(place, name, value, "a whole number without a sign")
            return nil
        }
        if let number = cursor.integer(value), number <= limit { return number }
        faults.add(
            .numberTooLarge,
            place,
            name,
            value: cursor.shown(value),
            "The number is larger than \(limit).",
            "Give at most \(limit)."
        )
        return nil
    }

    mutating func noteMissing(_ place: DocumentPlace, _ name: String) {
        faults.add(
            .missing,
            place,
            name,
            "\"\(name)\" is missing.",
            isBuilding
                ? "Give it: it cannot be computed." : "Give it, or build with \"build\":true."
        )
    }

    mutating func noteWrongType(
        _ place: DocumentPlace,
        _ name: String?,
        _ value: Int,
        _ wanted: String
    ) {
        faults.add(
            .wrongType,
            place,
            name,
            value: cursor.shown(value),
            "The value is not \(wanted).",
            "Give \(wanted)."
        )
    }

    mutating func noteDuplicate(_ place: DocumentPlace, _ name: String) {
        faults.add(
            .duplicateKey,
            place,
            name,
            "The member stands twice in its object.",
            "Leave one of the two."
        )
    }

    mutating func noteUnknown(_ place: DocumentPlace, _ name: String, _ known: [String]) {
        faults.add(
            .unknownMember,
            place,
            name,
            "The member has no meaning here.",
            "Remove it. Members are \(known.joined(separator: ", "))."
        )
    }
}
