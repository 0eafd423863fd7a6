/// Takes the credential out of an `Authorization` field; the scheme's case does not matter.
enum Credentials {
    /// The token behind `Bearer` (RFC 6750 §2.1); nil where the field is missing or has another scheme.
    static func bearerToken(_ field: String?) -> String? { read(field, scheme: "bearer") }

    /// The API key behind `ApplicationKey` (contract 3b, "Authentication").
    static func applicationKey(_ field: String?) -> String? {
        read(field, scheme: "applicationkey")
    }

    private static func read(_ field: String?, scheme: String) -> String? {
        guard let field else { return nil }
        // Byte by byte: looking for characters would cost more than all the rest of the routing.
        guard let space = field.utf8.firstIndex(of: UInt8(ascii: " ")),
            field[..<space].lowercased() == scheme
        else { return nil }
        let credential = field[field.utf8.index(after: space)...]
        return credential.isEmpty ? nil : String(credential)
    }
}
