package import Dates
package import Money

/// The value of a request's property, with a number as it was written.
package enum PropertyValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    case number(String)
    case string(String)
    /// An object or an array: no property of a command is one.
    case composite
}

/// Reads the properties of a command by name, in any case, and notes every fault.
///
/// A method gives nil where the property is absent, null or faulty; a required one that is absent
/// or null is a fault too. Names are asked for in camelCase; messages have them as the
/// documentation does, with a capital.
package struct PropertyReader {
    package private(set) var faults: [CommandFault] = []
    /// Properties of the published entity that this command does not use (contract A2-18).
    package private(set) var ignored: [String] = []
    private let members: [(name: String, value: PropertyValue)]
    private var values: [String: PropertyValue] = [:]
    private var asked: Set<String> = []

    package init(_ members: [(name: String, value: PropertyValue)]) {
        self.members = members
        var repeated: Set<String> = []
        for (name, value) in members
        where values.updateValue(value, forKey: name.lowercased()) != nil
            && repeated.insert(name.lowercased()).inserted && repeated.count <= Self.maximumUnknown
        {
            let shown = String(name.prefix(Self.maximumShown))
            fail(
                Self.camelCase(shown),
                "duplicate_property",
                "\(shown) stands twice in the request."
            )
        }
    }

    package mutating func fail(_ property: String, _ code: String, _ message: String) {
        faults.append(CommandFault(property, code, message))
    }

    /// How many unknown properties are told one by one.
    package static let maximumUnknown = 50

    /// Notes every property that was not asked for and is none of the published entity's.
    package mutating func finish(ignoring known: Set<String>) {
        var unknown: [String] = []
        for (name, _) in members where !asked.contains(name.lowercased()) {
            if known.contains(name.lowercased()) {
                ignored.append(name)
            } else {
                unknown.append(name)
            }
        }
        for name in unknown.prefix(Self.maximumUnknown) {
            let shown = String(name.prefix(Self.maximumShown))
            fail(
                Self.camelCase(shown),
                "unknown_property",
                "\(shown) is no property of this command: leave it out."
            )
        }
        if unknown.count > Self.maximumUnknown {
            let more = unknown.count - Self.maximumUnknown
            fail("", "unknown_property", "\(more) more properties are not known.")
        }
    }

    /// Characters of an unknown name that are repeated to the caller.
    private static let maximumShown = 64

    /// `AwardYear` as `awardYear`.
    package static func camelCase(_ name: String) -> String {
        guard let first = name.first else { return name }
        return first.lowercased() + name.dropFirst()
    }

    /// `awardYear` as `AwardYear`.
    package static func pascalCase(_ name: String) -> String {
        guard let first = name.first else { return name }
        return first.uppercased() + name.dropFirst()
    }

    private mutating func value(_ name: String, required: Bool) -> PropertyValue? {
        let key = name.lowercased()
        asked.insert(key)
        if let value = values[key], value != .null { return value }
        if required { fail(name, "missing", "\(Self.pascalCase(name)) is required.") }
        return nil
    }
}

extension PropertyReader {
    /// Text of at most `maximumBytes` without control characters; an empty one counts as absent.
    package mutating func text(
        _ name: String,
        required: Bool = false,
        maximumBytes: Int = 255
    ) -> String? {
        guard let value = value(name, required: required) else { return nil }
        let title = Self.pascalCase(name)
        guard case .string(let text) = value else {
            fail(name, "wrong_type", "\(title) is a text.")
            return nil
        }
        guard text.contains(where: { !$0.isWhitespace }) else {
            if required { fail(name, "missing", "\(title) must not be empty.") }
            return nil
        }
        guard text.utf8.count <= maximumBytes else {
            fail(name, "too_long", "\(title) has at most \(maximumBytes) bytes.")
            return nil
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            fail(name, "malformed", "\(title) must not hold control characters.")
            return nil
        }
        return text
    }

    /// A whole number above zero: an id or a place in a sequence.
    package mutating func number(
        _ name: String,
        required: Bool = false,
        from least: Int64 = 1
    ) -> Int64? {
        guard let value = value(name, required: required) else { return nil }
        let title = Self.pascalCase(name)
        guard case .number(let text) = value, let number = Int64(text) else {
            fail(name, "wrong_type", "\(title) is a whole number.")
            return nil
        }
        guard number >= least else {
            fail(name, "out_of_range", "\(title) is \(least) or more.")
            return nil
        }
        return number
    }

    /// `true`, `false`, 1 or 0 (contract A2-3).
    package mutating func truth(_ name: String) -> Bool? {
        switch value(name, required: false) {
        case nil: return nil
        case .boolean(let truth): return truth
        case .number("1"): return true
        case .number("0"): return false
        default:
            fail(name, "wrong_type", "\(Self.pascalCase(name)) is true, false, 1 or 0.")
            return nil
        }
    }

    /// An amount above zero of at most two decimals, read from its digits (contract A2-13).
    package mutating func payment(_ name: String) -> Amount? {
        guard let value = value(name, required: true) else { return nil }
        let title = Self.pascalCase(name)
        guard case .number(let text) = value else {
            fail(name, "wrong_type", "\(title) is a number, for example 250.00.")
            return nil
        }
        do throws(AmountFault) {
            let amount = try Amount(text)
            if amount > .zero { return amount }
            fail(name, "not_positive", "\(title) is above zero: a payment is undone by voiding it.")
        } catch {
            switch error {
            case .notANumber: fail(name, "wrong_type", "\(title) is a number.")
            case .tooLong, .outOfRange:
                fail(name, "out_of_range", "\(title) is beyond what can be booked.")
            case .moreThanTwoDecimals:
                fail(name, "too_many_decimals", "\(title) has at most two decimals.")
            }
        }
        return nil
    }

    /// A day, written as a date or as its first moment (contract S2-18, A2-4).
    package mutating func day(_ name: String) -> CalendarDay? {
        guard let text = text(name, required: true) else { return nil }
        let title = Self.pascalCase(name)
        do throws(CommandDate.Fault) {
            return try CommandDate.day(text)
        } catch {
            switch error {
            case .malformed:
                fail(name, "malformed", "\(title) is written like 2024/09/01 00:00:00.")
            case .notMidnight:
                fail(name, "not_midnight", "\(title) has 00:00:00 as its time.")
            }
            return nil
        }
    }
}
