/// Takes the token out of an `Authorization` field (RFC 6750 §2.1).
enum BearerToken {
    /// Nil where the field is missing or has another scheme; the scheme's case does not matter.
    static func read(_ field: String?) -> String? {
        guard let field else { return nil }
        let parts = field.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bearer", !parts[1].isEmpty else {
            return nil
        }
        return String(parts[1])
    }
}
