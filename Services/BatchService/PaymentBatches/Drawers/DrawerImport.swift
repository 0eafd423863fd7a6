internal import Importing
package import ServiceStore
internal import Money
package import Protocol

/// Reads cash drawers from a file.
enum DrawerImport {
    static let columns = [
        ImportColumn(name: "cash_drawer_id", isRequired: true),
        ImportColumn(name: "name", isRequired: true),
        ImportColumn(name: "campus_id", isRequired: true),
        ImportColumn(name: "warning_amount", isRequired: false, isDecimal: true),
        ImportColumn(name: "restrict_amount", isRequired: false, isDecimal: true),
    ]

    /// Throws one error that names every fault of the file.
    static func drawers(_ bytes: [UInt8], _ format: ImportFormat) throws -> [DrawerRow] {
        let (records, faults) = ImportTable.records(
            bytes,
            format: format,
            columns: columns,
            key: (column: "cash_drawer_id", of: { (drawer: DrawerRow) in String(drawer.id) }),
            drawer
        )
        guard faults.isEmpty else { throw ImportFault.error(faults) }
        return records.map(\.record)
    }

    private static func drawer(_ row: inout RowReader) -> DrawerRow? {
        let id = row.integer("cash_drawer_id", required: true)
        let name = row.text("name", required: true)
        let campus = row.integer("campus_id", required: true)
        let warning = row.amount("warning_amount")
        let restrict = row.amount("restrict_amount")
        for (column, amount) in [("warning_amount", warning), ("restrict_amount", restrict)] {
            if let amount, amount < .zero {
                row.fail(column, "out_of_range", "\(column) is not below zero.")
            }
        }
        if let warning, let restrict, restrict < warning {
            row.fail(
                "restrict_amount",
                "out_of_range",
                "restrict_amount is not below warning_amount."
            )
        }
        guard row.faults.isEmpty, let id, let name, let campus else { return nil }
        return DrawerRow(
            id: id,
            name: name,
            campusID: campus,
            warningAmount: warning?.minorUnits,
            restrictAmount: restrict?.minorUnits
        )
    }
}

extension DrawerSessions {
    /// Creates or replaces drawers, all or none, with their audit event (`batch.drawers.import`);
    /// sessions keep their drawer.
    package func importDrawers(
        _ bytes: [UInt8],
        format: ImportFormat,
        by caller: PaymentCaller
    ) async throws -> KeyedReply {
        let now = parts.environment.now()
        let audit = ImportAudit(caller.event(subject: "cash_drawers", change: ""), file: bytes)
        return try await parts.keyed(
            caller,
            prepare: { try DrawerImport.drawers(bytes, format) },
            change: { drawers, transaction in
                var changes = ImportChanges<DrawerRow>(count: drawers.count)
                for drawer in drawers {
                    let held = try DrawerRow.load(drawer.id, in: transaction)
                    guard held != drawer else { continue }
                    try drawer.save(in: transaction)
                    try changes.note(before: held, after: drawer)
                }
                try audit.add(changes, at: now, in: transaction)
                return KeyedReply(body: Array(try StrictJSON.encode(changes.result)))
            }
        )
    }
}
