import Identity
package import Importing
import LedgerRules
package import Protocol
import Storage

/// A detail code as an import gives it.
package struct DetailCodeRecord: Equatable, Sendable {
    var detailCode: String
    var description: String
    var type: DetailCodeType
    var glAccount: String
    var active: Bool
    var subsystem: String?

    static let columns = [
        ImportColumn(name: "detail_code", isRequired: true),
        ImportColumn(name: "description", isRequired: true),
        ImportColumn(name: "type", isRequired: true),
        ImportColumn(name: "gl_account", isRequired: true),
        ImportColumn(name: "active", isRequired: false),
        ImportColumn(name: "subsystem", isRequired: false),
    ]

    init?(_ row: ImportTable.Row, _ faults: inout [ImportFault]) {
        let values = row.values
        guard
            let code = values[0].checked(by: ReferenceRules.detailCode, &faults),
            let description = values[1].checked(by: ReferenceRules.name, &faults),
            let type = values[2].checked(by: ReferenceRules.detailCodeType, &faults),
            let gl = values[3].checked(by: ReferenceRules.code, &faults),
            let active = values[4].checked(
                by: { text throws(ReferenceFault) in try ReferenceRules.truth(text, absent: true) },
                &faults
            ),
            let subsystem = values[5].checked(by: ReferenceRules.optionalCode, &faults)
        else { return nil }
        detailCode = code
        self.description = description
        self.type = type
        glAccount = gl
        self.active = active
        self.subsystem = subsystem
    }
}

extension Ledger {
    /// Creates detail codes or new versions of them, all or none.
    ///
    /// Entries keep the version under
    /// which they were posted.
    ///
    /// - Throws: `RPCError` that names every fault of the file with its line and column, or its JSON
    ///   pointer.
    package func importDetailCodes(
        _ bytes: [UInt8],
        format: ImportFormat
    ) async throws -> ImportResult {
        try await importDetailCodes(DetailCodeImport.records(bytes, format))
    }

    package func importDetailCodes(_ records: [DetailCodeRecord]) async throws -> ImportResult {
        try await write { transaction, books in
            try DetailCodeImport.apply(records, books, in: transaction)
        }
    }
}

/// Reads a file of detail codes, and applies it on the writer.
package enum DetailCodeImport {
    package static func records(
        _ bytes: [UInt8],
        _ format: ImportFormat
    ) throws(RPCError) -> [DetailCodeRecord] {
        let table = bytes.withUnsafeBytes {
            ImportTable($0, format: format, columns: DetailCodeRecord.columns)
        }
        var faults = table.faults
        var seen: Set<ByteText> = []
        var records: [DetailCodeRecord] = []
        for row in table.rows {
            guard let record = DetailCodeRecord(row, &faults) else { continue }
            if !seen.insert(record.detailCode) {
                faults.append(
                    ImportFault(row.values[0].place, "repeated", "The detail code stands twice.")
                )
            }
            records.append(record)
        }
        guard faults.isEmpty else { throw ImportFault.error(faults) }
        return records
    }

    static func apply(
        _ records: [DetailCodeRecord],
        _ books: Books,
        in transaction: WriteTransaction
    ) throws -> ImportResult {
        var result = ImportResult(imported: records.count, created: 0, changed: 0)
        var newGL = NewGLAccounts(books)
        var versions: [(code: String, state: CodeState)] = []
        for record in records {
            let held = try DetailCodeView.read(record.detailCode, in: transaction)
            if let held, record.isSame(as: held) { continue }
            let gl = try newGL.number(of: record.glAccount, in: transaction)
            let state = CodeState(
                id: books.nextCodeVersionID + Int64(versions.count),
                kind: record.type.entryKind,
                glAccount: gl,
                active: record.active
            )
            try insert(record, state, version: (held?.version ?? 0) + 1, in: transaction)
            versions.append((record.detailCode, state))
            if held == nil { result.created += 1 } else { result.changed += 1 }
        }
        newGL.apply()
        for version in versions { books.setCode(version.code, version.state) }
        return result
    }

    private static func insert(
        _ record: DetailCodeRecord,
        _ state: CodeState,
        version: Int64,
        in transaction: WriteTransaction
    ) throws {
        _ = try transaction.execute(
            """
            INSERT INTO detail_code
            (id, detail_code, version, description, type, gl, active, subsystem)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """,
            [
                .integer(state.id), .text(record.detailCode), .integer(version),
                .text(record.description), .text(record.type.rawValue),
                .integer(Int64(state.glAccount)), .integer(record.active ? 1 : 0),
                .optional(record.subsystem),
            ]
        )
    }
}

extension DetailCodeRecord {
    func isSame(as view: DetailCodeView) -> Bool {
        let texts = [description, glAccount, subsystem].map { $0.map { ByteText($0) } }
        let held = [view.description, view.glAccount, view.subsystem].map {
            $0.map { ByteText($0) }
        }
        return texts == held && type == view.type && active == view.active
    }
}
