import Identity
import Importing
import LedgerRules
package import Protocol
import ServiceRuntime
package import ServiceStore
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

/// As audit events tell it.
extension DetailCodeRecord: Encodable {
    private enum CodingKeys: String, CodingKey {
        case detailCode = "detail_code"
        case description, type
        case glAccount = "gl_account"
        case active, subsystem
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(detailCode, forKey: .detailCode)
        try container.encode(description, forKey: .description)
        try container.encode(type.rawValue, forKey: .type)
        try container.encode(glAccount, forKey: .glAccount)
        try container.encode(active, forKey: .active)
        try container.encodeIfPresent(subsystem, forKey: .subsystem)
    }

    /// Whether nothing changes: texts are compared by their bytes.
    fileprivate func isSame(as other: DetailCodeRecord) -> Bool {
        func texts(_ record: DetailCodeRecord) -> [ByteText?] {
            [record.description, record.glAccount, record.subsystem].map { $0.map { ByteText($0) } }
        }
        return texts(self) == texts(other) && type == other.type && active == other.active
    }

    fileprivate init(_ view: DetailCodeView) {
        detailCode = view.detailCode
        description = view.description
        type = view.type
        glAccount = view.glAccount
        active = view.active
        subsystem = view.subsystem
    }
}

extension Ledger {
    /// Creates detail codes or new versions of them, all or none, with their audit event.
    ///
    /// Entries keep the version under which they were posted.
    package func importDetailCodes(
        _ records: [DetailCodeRecord],
        audit: ImportAudit
    ) async throws -> ImportResult {
        let now = Timestamps.now()
        return try await write { transaction, books in
            let plan = try DetailCodeImport.write(records, books, in: transaction)
            try audit.add(plan.changes, at: now, in: transaction)
            plan.apply(to: books)
            return plan.changes.result
        }
    }
}

/// Reads a file of detail codes, and applies it on the writer.
package struct DetailCodeImport {
    fileprivate private(set) var changes: ImportChanges<DetailCodeRecord>
    private var newGL: NewGLAccounts
    private var versions: [(code: String, state: CodeState)] = []

    /// - Throws: `RPCError` that names every fault of the file with its line and column, or its JSON
    ///   pointer.
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

    fileprivate static func write(
        _ records: [DetailCodeRecord],
        _ books: Books,
        in transaction: WriteTransaction
    ) throws -> DetailCodeImport {
        var plan = DetailCodeImport(
            changes: ImportChanges(count: records.count),
            newGL: NewGLAccounts(books)
        )
        for record in records {
            let held = try DetailCodeView.read(record.detailCode, in: transaction)
            let before = held.map(DetailCodeRecord.init)
            guard before?.isSame(as: record) != true else { continue }
            let gl = try plan.newGL.number(of: record.glAccount, in: transaction)
            let state = CodeState(
                id: books.nextCodeVersionID + Int64(plan.versions.count),
                kind: record.type.entryKind,
                glAccount: gl,
                active: record.active
            )
            try insert(record, state, version: (held?.version ?? 0) + 1, in: transaction)
            plan.versions.append((record.detailCode, state))
            try plan.changes.note(before: before, after: record)
        }
        return plan
    }

    /// Brings memory to where the store is; nothing here can fail.
    fileprivate func apply(to books: Books) {
        newGL.apply()
        for version in versions { books.setCode(version.code, version.state) }
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
