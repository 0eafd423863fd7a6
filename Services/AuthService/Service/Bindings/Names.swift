internal import Identity
internal import Protocol

/// Checks of names that come from outside.
enum Names {
    static let maximumNoteBytes = 200

    /// What is wrong with an account's name: 1 to 64 of `a-z`, `0-9`, `.`, `_` and `-`, the first a
    /// letter or a digit; services' names are their own.
    static func accountFault(_ name: String) -> RPCError.Detail? {
        let isWellFormed =
            (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { isLowerWord($0) || [0x2D, 0x2E, 0x5F].contains($0) }
            && name.utf8.first.map(isLowerWord) ?? false
        guard isWellFormed else {
            return .init(
                field: "/account",
                code: "malformed",
                message: "Give 1 to 64 of a-z, 0-9, '.', '_' and '-', a letter or digit first."
            )
        }
        guard ServiceName(rawValue: name) == nil else {
            return .init(
                field: "/account",
                code: "reserved",
                message: "This name belongs to a service; its account is not managed by hand."
            )
        }
        return nil
    }

    /// What is wrong with a source system's name: 1 to 64 of letters, digits, `_`, `-` and `.`.
    static func sourceFault(_ name: String) -> RPCError.Detail? {
        let isWellFormed =
            (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                isLowerWord($0) || (0x41...0x5A).contains($0) || [0x2D, 0x2E, 0x5F].contains($0)
            }
        return isWellFormed
            ? nil
            : .init(
                field: "/source_name",
                code: "malformed",
                message: "Give 1 to 64 letters, digits, '_', '-' and '.'."
            )
    }

    static func noteFault(_ note: String) -> RPCError.Detail? {
        note.utf8.count <= maximumNoteBytes
            ? nil
            : .init(
                field: "/note",
                code: "too_long",
                message: "Give at most \(maximumNoteBytes) bytes."
            )
    }

    static let unknownAccount = RPCError.Detail(
        field: "/account",
        code: "unknown",
        message: "There is no such account; create it with auth.accounts.put first."
    )

    private static func isLowerWord(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
    }
}
