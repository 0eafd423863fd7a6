import Dates
import Importing
package import LedgerRules
package import Protocol
import ServiceRuntime
package import ServiceStore
import Storage

/// Imports posting periods: `year,period,first_day,last_day,closed`.
package enum GLPeriodImport {
    static let columns = [
        ImportColumn(name: "year", isRequired: true),
        ImportColumn(name: "period", isRequired: true),
        ImportColumn(name: "first_day", isRequired: true),
        ImportColumn(name: "last_day", isRequired: true),
        ImportColumn(name: "closed", isRequired: false),
    ]

    private typealias Placed = (record: GLPeriod, place: ImportPlace)

    /// Creates or replaces periods, all of them or none, with their audit event; no two may share a
    /// day afterwards.
    ///
    /// - Throws: `RPCError` that names every fault of the file with its line and column, or its JSON
    ///   pointer.
    package static func apply(
        _ bytes: [UInt8],
        _ format: ImportFormat,
        _ ledger: Ledger,
        audit: ImportAudit
    ) async throws -> ImportResult {
        let (records, faults) = ImportTable.records(
            bytes,
            format: format,
            columns: columns,
            key: ("period", { $0.name }),
            read
        )
        let now = Timestamps.now()
        return try await ledger.write { transaction, _ in
            let held = try GLPeriodRows.all(in: transaction)
            let all = faults + overlaps(records, held)
            guard all.isEmpty else { throw ImportFault.error(all) }
            let changes = try put(records.map(\.record), over: held, in: transaction)
            try audit.add(changes, at: now, in: transaction)
            return changes.result
        }
    }

    private static func read(_ row: inout RowReader) -> GLPeriod? {
        let year = row.integer("year", required: true, in: 1...9_999)
        let period = row.integer("period", required: true, in: 1...99)
        let firstDay = row.day("first_day", required: true)
        let lastDay = row.day("last_day", required: true)
        let isClosed = row.truth("closed", absent: false)
        guard let year, let period, let firstDay, let lastDay, let isClosed else { return nil }
        guard firstDay <= lastDay else {
            row.fail("last_day", "out_of_range", "last_day is before first_day.")
            return nil
        }
        return GLPeriod(
            year: year,
            period: period,
            firstDay: firstDay,
            lastDay: lastDay,
            isClosed: isClosed
        )
    }

    /// A fault for every period of the file that shares a day with another, held ones included.
    private static func overlaps(_ records: [Placed], _ held: [GLPeriod]) -> [ImportFault] {
        let places = Dictionary(
            records.map { ($0.record.name, $0.place) },
            uniquingKeysWith: { first, _ in first }
        )
        let kept = held.filter { places[$0.name] == nil }
        return GLPeriod.overlaps(in: kept + records.map(\.record)).compactMap { period, other in
            // What is held does not overlap by itself: one of the two is of the file.
            guard let place = places[period.name] ?? places[other.name] else { return nil }
            return ImportFault(
                place,
                "overlapping",
                "Period \(period.name) begins on \(period.firstDay.text), before period "
                    + "\(other.name) ends on \(other.lastDay.text)."
            )
        }
    }

    private static func put(
        _ records: [GLPeriod],
        over held: [GLPeriod],
        in transaction: WriteTransaction
    ) throws -> ImportChanges<GLPeriod> {
        let before = Dictionary(uniqueKeysWithValues: held.map { ($0.name, $0) })
        var changes = ImportChanges<GLPeriod>(count: records.count)
        for record in records where before[record.name] != record {
            try GLPeriodRows.put(record, in: transaction)
            try changes.note(before: before[record.name], after: record)
        }
        return changes
    }
}

/// As audit events tell it.
extension GLPeriod: Encodable {
    private enum CodingKeys: String, CodingKey {
        case year, period
        case firstDay = "first_day"
        case lastDay = "last_day"
        case closed
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(year, forKey: .year)
        try container.encode(period, forKey: .period)
        try container.encode(firstDay.text, forKey: .firstDay)
        try container.encode(lastDay.text, forKey: .lastDay)
        try container.encode(isClosed, forKey: .closed)
    }
}
