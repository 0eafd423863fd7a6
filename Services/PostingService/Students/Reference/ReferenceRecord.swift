import Importing
import JSON
import LedgerRules
import Protocol
import Storage

/// A row of imported reference data: the values of its table's columns, in their order.
struct ReferenceRecord: Sendable {
    var values: [SQLValue]
    var place: ImportPlace

    /// Where a column's value stands, as near as it is known.
    func place(of column: String) -> ImportPlace {
        switch place {
        case .pointer(let row): .pointer(row + JSONText.pointerStep(column))
        case .text: place
        }
    }
}

/// A row of reference data as audit events tell it: its values under the names of their columns.
struct ReferenceRow: Encodable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    let table: ReferenceTable
    let values: [SQLValue]

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        for (column, value) in zip(table.columns, values) {
            let name = Name(stringValue: column.name)
            switch (value, column.content) {
            case (.integer(let value), .truth): try container.encode(value != 0, forKey: name)
            case (.integer(let value), _): try container.encode(value, forKey: name)
            case (.text(let value), _): try container.encode(value, forKey: name)
            case (.null, _), (.blob, _): try container.encodeNil(forKey: name)
            }
        }
    }
}

/// The rows of a file and what is wrong with its text.
struct ReferenceFile: Sendable {
    var records: [ReferenceRecord]
    var faults: [ImportFault]

    static func read(
        _ bytes: [UInt8],
        _ format: ImportFormat,
        _ table: ReferenceTable
    ) -> ReferenceFile {
        let (records, faults) = ImportTable.records(
            bytes,
            format: format,
            columns: table.importColumns,
            key: (table.columns[0].name, { (values: [SQLValue]) in "\(values[0])" })
        ) { reader in
            var values: [SQLValue?] = []
            for column in table.columns { values.append(value(of: column, &reader)) }
            let complete = values.compactMap { $0 }
            return complete.count == values.count ? complete : nil
        }
        return ReferenceFile(
            records: records.map { ReferenceRecord(values: $0.record, place: $0.place) },
            faults: faults
        )
    }

    /// Nil only where a fault was noted.
    private static func value(
        of column: ReferenceTable.Column,
        _ reader: inout RowReader
    ) -> SQLValue? {
        let name = column.name
        switch column.content {
        case .number:
            return reader.integer(name, required: true).map(SQLValue.integer)
        case .text:
            let before = reader.faults.count
            if let text = reader.text(name, required: column.isRequired) { return .text(text) }
            return reader.faults.count == before ? .null : nil
        case .truth:
            guard reader.text(name, required: true) != nil else { return nil }
            return reader.truth(name, absent: false).map { .integer($0 ? 1 : 0) }
        case .fundSourceKind:
            return reader.word(name, required: true, as: FundSourceKind.self)
                .map { .text($0.rawValue) }
        case .account:
            return reader.checked(name, by: ReferenceRules.accountID)
        case .glAccount:
            return reader.checked(name, by: ReferenceRules.code)
        }
    }
}

extension RowReader {
    /// The text that a rule makes of a required column.
    fileprivate mutating func checked(
        _ column: String,
        by rule: (String) throws(ReferenceFault) -> String
    ) -> SQLValue? {
        guard let text = text(column, required: true) else { return nil }
        do {
            return .text(try rule(text))
        } catch {
            fail(column, error.rawValue, error.message)
            return nil
        }
    }
}
