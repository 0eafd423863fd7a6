internal import Crypto
internal import Importing
internal import Protocol

/// A file of roles or staff users that has been read and applied.
struct StaffImport<Row: Encodable & Sendable>: Sendable {
    struct Pair: Sendable {
        let before: Row?
        let after: Row
    }

    /// Bytes that the changed rows may take in an audit event, which is read with many others.
    private static var maximumAuditBytes: Int { 12 << 10 }

    /// Rows of the file.
    let count: Int
    /// The rows that were new or differed from what was held.
    let changed: [Pair]

    var result: ImportResult {
        let created = changed.count { $0.before == nil }
        return ImportResult(imported: count, created: created, changed: changed.count - created)
    }

    /// What the audit trail says of it; nil where nothing was changed.
    ///
    /// The rows that would make it too long are counted; the file's hash tells which file had them.
    func change(file: [UInt8]) throws -> String? {
        guard !changed.isEmpty else { return nil }
        var rows: [Change<Row>] = []
        var room = Self.maximumAuditBytes
        for pair in changed {
            let row = Change(before: pair.before, after: pair.after)
            room -= try row.text().utf8.count
            guard room >= 0 else { break }
            rows.append(row)
        }
        let event = ImportEvent(
            result: result,
            rows: rows,
            leftOut: changed.count - rows.count,
            sha256: Hexadecimal.encode(SHA256.digest(file))
        )
        return String(decoding: try StrictJSON.encode(event), as: UTF8.self)
    }
}

private struct ImportEvent<Row: Encodable>: Encodable {
    let result: ImportResult
    let rows: [Change<Row>]
    let leftOut: Int
    let sha256: String

    private enum CodingKeys: String, CodingKey {
        case result, rows
        case leftOut = "rows_left_out"
        case sha256 = "file_sha256"
    }
}

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
