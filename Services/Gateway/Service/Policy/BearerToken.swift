/// Takes the token out of an `Authorization` field (RFC 6750 §2.1).
enum BearerToken {
    /// Nil where the field is missing or has another scheme; the scheme's case does not matter.
    static func read(_ field: String?) -> String? {
        guard let field else { return nil }
        // Byte by byte: looking for characters would cost more than all the rest of the routing.
        guard let space = field.utf8.firstIndex(of: UInt8(ascii: " ")),
            field[..<space].lowercased() == "bearer"
        else { return nil }
        let token = field[field.utf8.index(after: space)...]
        return token.isEmpty ? nil : String(token)
    }
}
