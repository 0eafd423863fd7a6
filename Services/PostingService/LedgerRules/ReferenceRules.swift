/// Why a text of imported reference data is refused.
package enum ReferenceFault: String, Error, Sendable, CaseIterable {
    case missing
    case tooLong = "too_long"
    case malformed
    case unknownWord = "unknown_word"

    package var message: String {
        switch self {
        case .missing: "The value is required."
        case .tooLong: "The value is too long."
        case .malformed:
            "Printable ASCII without blanks at its ends is expected."
        case .unknownWord: "This word is not one of those allowed."
        }
    }
}

/// What the columns of imported accounts and detail codes may hold.
package enum ReferenceRules {
    /// In characters.
    package static let maximumNameLength = 200
    package static let maximumCodeLength = 64
    /// A set's detail codes are no longer than this either.
    package static let maximumDetailCodeLength = 16

    /// The canonical account id.
    package static func accountID(_ text: String) throws(ReferenceFault) -> String {
        if text.isEmpty { throw .missing }
        guard text.utf8.count <= AccountID.maximumBytes else { throw .tooLong }
        guard let canonical = AccountID.canonical(text) else { throw .malformed }
        return canonical
    }

    /// A detail code, GL account, alert or warning code: compared byte for byte ever after.
    package static func code(_ text: String) throws(ReferenceFault) -> String {
        if text.isEmpty { throw .missing }
        guard text.utf8.count <= maximumCodeLength else { throw .tooLong }
        guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }), text.utf8.first != 0x20,
            text.utf8.last != 0x20
        else { throw .malformed }
        return text
    }

    package static func detailCode(_ text: String) throws(ReferenceFault) -> String {
        guard text.utf8.count <= maximumDetailCodeLength else { throw .tooLong }
        return try code(text)
    }

    /// As `code`, nil where the text is empty.
    package static func optionalCode(_ text: String) throws(ReferenceFault) -> String? {
        text.isEmpty ? nil : try code(text)
    }

    /// A name or description for people.
    package static func name(_ text: String) throws(ReferenceFault) -> String {
        guard text.count <= maximumNameLength else { throw .tooLong }
        return text
    }

    /// `true`, `false`, `yes`, `no`, `1`, `0`, in either case; `absent` where the text is empty.
    package static func truth(
        _ text: String,
        absent: Bool
    ) throws(ReferenceFault) -> Bool {
        switch text.lowercased() {
        case "": return absent
        case "true", "yes", "1": return true
        case "false", "no", "0": return false
        default: throw .unknownWord
        }
    }

    package static func detailCodeType(_ text: String) throws(ReferenceFault) -> DetailCodeType {
        if text.isEmpty { throw .missing }
        guard let type = DetailCodeType(importText: text) else { throw .unknownWord }
        return type
    }
}
