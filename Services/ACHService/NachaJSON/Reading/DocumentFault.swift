/// What is wrong with a document, where, and what can be done about it.
///
/// `message` and `remedy` name no value; `value` may be an account number or a name: it is for the
/// one who wrote the document.
package struct DocumentFault: Hashable, Sendable {
    /// What kind of fault it is, for programs.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// The text is not JSON, or nested too deeply: nothing else is looked at.
        case malformed
        /// The document was masked: nothing else is looked at.
        case masked
        case duplicateKey = "duplicate_key"
        case unknownMember = "unknown_member"
        case missing
        case wrongType = "wrong_type"
        case notPrintable = "not_printable"
        case tooLong = "too_long"
        case numberTooLarge = "number_too_large"
        /// A value of the right type that is none of those the member may have.
        case wrongForm = "wrong_form"
        /// The kind that is named is not the one that the place or the record asks for.
        case wrongKind = "wrong_kind"
        /// Two members that must say the same say different things.
        case disagrees
        /// What is left out cannot be computed: a limit of the format, an unknown code.
        case notBuildable = "not_buildable"
    }

    package let code: Code
    /// RFC 6901, from the document's root.
    package let pointer: String
    /// What stands there, cut to `valueLimit` characters; empty where nothing does.
    package let value: String
    package let message: String
    package let remedy: String

    package static let valueLimit = 100
}

/// All faults of a document, in the order in which they were met.
package struct DocumentFaults: Error, Hashable, Sendable, CustomStringConvertible {
    /// At least one, and no more than `DocumentFormat.faults`.
    package let faults: [DocumentFault]
    /// How many more there were.
    package let dropped: Int

    /// One line for each fault, without the values.
    package var description: String {
        faults.map { "\($0.pointer): \($0.message)" }.joined(separator: "\n")
    }
}
