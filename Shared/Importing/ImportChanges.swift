package import Protocol

/// What an import changed, row by row: for its answer, and for its audit event.
package struct ImportChanges<Row: Encodable> {
    /// Bytes that the changed rows may take in an audit event, which is read with many others.
    package static var maximumBytes: Int { 12 << 10 }

    package private(set) var result: ImportResult
    private var rows: [AuditChange<Row>] = []
    private var room = maximumBytes

    /// `count` is the number of rows of the file.
    package init(count: Int) { result = ImportResult(imported: count, created: 0, changed: 0) }

    /// Notes a row that was new (`before` is nil), or differed from what was held.
    package mutating func note(before: Row?, after: Row) throws {
        if before == nil { result.created += 1 } else { result.changed += 1 }
        guard room >= 0 else { return }
        let change = AuditChange(before: before, after: after)
        room -= try change.text().utf8.count
        if room >= 0 { rows.append(change) }
    }

    /// What the audit trail says of it; nil where nothing was changed.
    ///
    /// `{"result":{…},"rows":[{"before":…,"after":…}],"rows_left_out":0,"file_sha256":"…"}`: the rows
    /// beyond `maximumBytes` are counted, and the file's hash tells which file had them.
    package func text(fileSHA256: String) throws -> String? {
        let changed = result.created + result.changed
        guard changed > 0 else { return nil }
        let event = ImportEvent(
            result: result,
            rows: rows,
            leftOut: changed - rows.count,
            sha256: fileSHA256
        )
        return String(decoding: try StrictJSON.encode(event), as: UTF8.self)
    }
}

extension ImportChanges: Sendable where Row: Sendable {}

private struct ImportEvent<Row: Encodable>: Encodable {
    let result: ImportResult
    let rows: [AuditChange<Row>]
    let leftOut: Int
    let sha256: String

    private enum CodingKeys: String, CodingKey {
        case result, rows
        case leftOut = "rows_left_out"
        case sha256 = "file_sha256"
    }
}
