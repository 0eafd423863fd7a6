package import Dates
package import JSON
package import Money

/// Reads the members of one JSON object by name and notes every fault, so that a caller hears of all
/// of them at once (design 1.7).
///
/// A method gives nil where the member is absent, null or faulty; a required one that is absent or
/// null is a fault too. `finish` throws what was noted, and the members that nobody asked for.
/// Amounts are read from their digits: no binary fraction is on the way.
package struct FieldReader {
    package private(set) var faults: [RPCError.Detail] = []
    /// The members in their order, as they were written.
    package let members: [JSONNode.Member]
    private let pointer: String
    /// A request has few members: looking through them costs less than hashing.
    private var asked: [String] = []

    /// Reads a text that holds one object; another text is refused with the place of its fault.
    ///
    /// - Throws: `invalid` where the text is no object.
    package init(_ bytes: UnsafeRawBufferPointer) throws(RPCError) {
        if let fault = JSONText.fault(in: bytes) { throw .invalid([fault.detail]) }
        guard let node = JSONNode(judged: bytes), case .object(let members) = node else {
            throw .invalid([
                .init(field: "", code: "wrong_type", message: "The body is an object.")
            ])
        }
        self.init(members: members, at: "")
    }

    /// Reads the members of an object that stands at `pointer` in a larger one.
    package init(members: [JSONNode.Member], at pointer: String) {
        self.members = members
        self.pointer = pointer
    }

    /// Notes a fault of a member.
    package mutating func fail(_ name: String, _ code: String, _ message: String) {
        faults.append(
            RPCError.Detail(
                field: pointer + JSONText.pointerStep(name),
                code: code,
                message: message
            )
        )
    }

    /// The value as it stands; nil where it is absent or null.
    package mutating func node(_ name: String, required: Bool = false) -> JSONNode? {
        asked.append(name)
        let found = members.first { $0.key == name }?.value
        if let found, found != .null { return found }
        if required { fail(name, "missing", "\(name) is required.") }
        return nil
    }

    /// Text of at most `maximumBytes`, and not empty.
    package mutating func string(
        _ name: String,
        required: Bool = false,
        maximumBytes: Int = 255
    ) -> String? {
        guard let node = node(name, required: required) else { return nil }
        guard case .string(let text) = node else {
            fail(name, "wrong_type", "\(name) is a string.")
            return nil
        }
        guard !text.isEmpty else {
            fail(name, required ? "missing" : "malformed", "\(name) must not be empty.")
            return nil
        }
        guard text.utf8.count <= maximumBytes else {
            fail(name, "too_long", "\(name) has at most \(maximumBytes) bytes.")
            return nil
        }
        guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            fail(name, "malformed", "\(name) must not hold control characters.")
            return nil
        }
        return text
    }

    package mutating func integer(
        _ name: String,
        required: Bool = false,
        in range: ClosedRange<Int64> = 1...Int64.max
    ) -> Int64? {
        guard let node = node(name, required: required) else { return nil }
        guard case .number(let text) = node, let number = Int64(text) else {
            fail(name, "wrong_type", "\(name) is a whole number.")
            return nil
        }
        guard range.contains(number) else {
            fail(
                name,
                "out_of_range",
                range.upperBound == .max
                    ? "\(name) is \(range.lowerBound) or more."
                    : "\(name) is \(range.lowerBound) to \(range.upperBound)."
            )
            return nil
        }
        return number
    }

    /// A JSON number of at most two decimals.
    package mutating func amount(_ name: String, required: Bool = false) -> Amount? {
        guard let node = node(name, required: required) else { return nil }
        guard case .number(let text) = node else {
            fail(name, "wrong_type", "\(name) is a number, for example 12.50.")
            return nil
        }
        do throws(AmountFault) {
            return try Amount(text)
        } catch {
            switch error {
            case .notANumber: fail(name, "wrong_type", "\(name) is a number.")
            case .tooLong, .outOfRange:
                fail(name, "out_of_range", "\(name) is beyond what can be booked.")
            case .moreThanTwoDecimals:
                fail(name, "too_many_decimals", "\(name) has at most two decimals.")
            }
            return nil
        }
    }

    /// A date as `YYYY-MM-DD`.
    package mutating func day(_ name: String, required: Bool = false) -> CalendarDay? {
        guard let text = string(name, required: required) else { return nil }
        guard let day = CalendarDay(text: text) else {
            fail(name, "malformed", "\(name) is a date, YYYY-MM-DD.")
            return nil
        }
        return day
    }

    package mutating func boolean(_ name: String, required: Bool = false) -> Bool? {
        guard let node = node(name, required: required) else { return nil }
        guard case .boolean(let value) = node else {
            fail(name, "wrong_type", "\(name) is true or false.")
            return nil
        }
        return value
    }

    /// One of the words of an enumeration, byte for byte.
    package mutating func word<Word: RawRepresentable & CaseIterable>(
        _ name: String,
        required: Bool = false,
        as type: Word.Type = Word.self
    ) -> Word? where Word.RawValue == String {
        guard let text = string(name, required: required) else { return nil }
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            fail(name, "unknown_value", "\(name) is one of \(words).")
            return nil
        }
        return word
    }

    /// Throws every fault; members that no method asked for are among them, in their order.
    package mutating func finish() throws(RPCError) {
        noteUnknown()
        guard faults.isEmpty else { throw .invalid(faults) }
    }

    /// Notes the members that no method asked for.
    package mutating func noteUnknown() {
        for key in unknownMembers { fail(key, "unknown_field", "The member is not known.") }
    }

    /// The members that no method has asked for.
    package var unknownMembers: [String] {
        members.map(\.key).filter { !asked.contains($0) }
    }
}
