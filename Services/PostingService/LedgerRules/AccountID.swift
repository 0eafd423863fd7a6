/// The canonical text of an account id: trimmed, letters in upper case, leading zeros kept
/// (contract A1-4).
///
/// Only printable ASCII names an account: two ids that look alike are then the same bytes.
package enum AccountID {
    /// Longest account id in UTF-8 bytes.
    package static let maximumBytes = 64

    /// The canonical form, or nil where nothing is left of the text, it is too long, or it holds
    /// anything but printable ASCII.
    package static func canonical(_ text: String) -> String? {
        let trimmed = trim(text)
        guard !trimmed.isEmpty, trimmed.utf8.count <= maximumBytes else { return nil }
        guard trimmed.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        return trimmed.uppercased()
    }

    private static func trim(_ text: String) -> String {
        let spaces: (Character) -> Bool = { $0.isWhitespace }
        let head = text.drop(while: spaces)
        guard let last = head.lastIndex(where: { !spaces($0) }) else { return "" }
        return String(head[...last])
    }
}
