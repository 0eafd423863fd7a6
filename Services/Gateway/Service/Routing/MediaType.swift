/// Reads the `Content-Type` of a request, as far as the edge tells types apart.
package enum MediaType: Sendable, Equatable {
    case json
    case form
    case other

    /// `application/json` or a form, in any case, with at most `charset=utf-8` (faults H-14).
    package init(_ text: String) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
        let type = Self.trimmed(parts[0])
        guard parts.dropFirst().allSatisfy({ Self.isUTF8($0) }) else {
            self = .other
            return
        }
        switch type {
        case "application/json": self = .json
        case "application/x-www-form-urlencoded": self = .form
        default: self = .other
        }
    }

    private static func isUTF8(_ parameter: Substring) -> Bool {
        let text = trimmed(parameter)
        return text == "charset=utf-8" || text == "charset=\"utf-8\""
    }

    private static func trimmed(_ text: Substring) -> String {
        var rest = text
        while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        return rest.lowercased()
    }
}
