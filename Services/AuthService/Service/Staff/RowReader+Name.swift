internal import Importing

extension RowReader {
    /// A name: text without blanks at its ends, by which two names could look alike.
    mutating func name(_ column: String, required: Bool = false) -> String? {
        guard let text = text(column, required: required) else { return nil }
        guard text.first?.isWhitespace == false, text.last?.isWhitespace == false else {
            fail(column, "malformed", "Remove the blanks at the ends of \(column).")
            return nil
        }
        return text
    }
}
