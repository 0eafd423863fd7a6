/// One field of a record: where it lies, what it may hold, what it is called.
package struct Field: Sendable {
    /// The characters that a field may hold, one by one; what they must mean together is judged by
    /// the rules of its record.
    package enum Content: Sendable, Hashable {
        /// Always these characters.
        case constant(String)
        /// Digits alone: a number, or an identifier of fixed length.
        case digits
        /// Anything printable, left-justified.
        case text
        /// Reserved: blanks.
        case blank
    }

    /// Whom a value tells something about; both are masked unless somebody asks to see them.
    package enum Privacy: Sendable, Hashable {
        case open
        case account
        case name
    }

    /// How the JSON form writes the field.
    package enum Form: Sendable, Hashable {
        /// A string without the blanks behind it.
        case string
        /// A whole number: counts, and amounts in cents.
        case number
        /// Not at all: constants and reserved areas.
        case none
    }

    /// The field's name in JSON and in `bursar ach inspect`: `company_entry_description`.
    package let name: String
    package let from: Int
    package let to: Int
    package let content: Content
    package let privacy: Privacy
    package let form: Form
    /// The rule that a wrong character of the field breaks; text breaks `character` instead.
    package let rule: RuleID

    /// The field's length in characters.
    package var length: Int { to - from + 1 }

    /// The field's name in words: `company entry description`.
    package var title: String {
        switch name {
        case "entry_addenda_count": "entry and addenda count"
        case let name where name.hasSuffix("_minor_units"):
            Self.words(name.dropLast("_minor_units".utf8.count))
        default: Self.words(name[...])
        }
    }

    private static func words(_ name: Substring) -> String {
        String(name.map { $0 == "_" ? " " : $0 })
    }

    static func constant(_ text: String, _ name: String, _ from: Int, _ rule: RuleID) -> Field {
        Field(
            name: name,
            from: from,
            to: from + text.utf8.count - 1,
            content: .constant(text),
            privacy: .open,
            form: .none,
            rule: rule
        )
    }

    /// Digits that identify something: a string in JSON.
    static func digits(
        _ name: String,
        _ from: Int,
        _ to: Int,
        _ rule: RuleID,
        privacy: Privacy = .open
    ) -> Field {
        Field(
            name: name,
            from: from,
            to: to,
            content: .digits,
            privacy: privacy,
            form: .string,
            rule: rule
        )
    }

    /// Digits that count something: a number in JSON.
    static func number(_ name: String, _ from: Int, _ to: Int, _ rule: RuleID) -> Field {
        Field(
            name: name,
            from: from,
            to: to,
            content: .digits,
            privacy: .open,
            form: .number,
            rule: rule
        )
    }

    static func text(
        _ name: String,
        _ from: Int,
        _ to: Int,
        privacy: Privacy = .open
    ) -> Field {
        Field(
            name: name,
            from: from,
            to: to,
            content: .text,
            privacy: privacy,
            form: .string,
            rule: .recordCharacter
        )
    }

    static func blank(_ from: Int, _ to: Int, _ rule: RuleID = .recordReserved) -> Field {
        Field(
            name: "reserved_\(from)",
            from: from,
            to: to,
            content: .blank,
            privacy: .open,
            form: .none,
            rule: rule
        )
    }
}
