internal import JSON
package import Protocol
import ServiceRuntime
import ServiceStore
package import Storage

/// The settings of posting-service; one that was never changed has its default.
package enum LedgerSetting: String, CaseIterable, Sendable {
    /// Every unscheduled payment needs a term, unless it says otherwise (contract S2-20).
    case requireTermCodes = "require_term_codes"
    case fiscalYearStartMonth = "fiscal_year_start_month"

    /// What a setting may be, which says how it is read and shown.
    package enum Value: Equatable, Sendable {
        case truth(Bool)
        case integer(Int, in: ClosedRange<Int>)

        /// As it stands in the store.
        var text: String {
            switch self {
            case .truth(let value): String(value)
            case .integer(let value, _): String(value)
            }
        }

        /// The value of this kind that a text stands for, or nil.
        func reading(_ text: String) -> Value? {
            switch self {
            case .truth:
                return Bool(text).map { .truth($0) }
            case .integer(_, let range):
                guard let value = Int(text), range.contains(value) else { return nil }
                return .integer(value, in: range)
            }
        }
    }

    var standard: Value {
        switch self {
        case .requireTermCodes: .truth(false)
        // The calendar year, where a school says nothing else.
        case .fiscalYearStartMonth: .integer(1, in: 1...12)
        }
    }

    package var description: String {
        switch self {
        case .requireTermCodes:
            "Whether an unscheduled payment must name its term: true or false."
        case .fiscalYearStartMonth:
            "The month with which a fiscal year begins, 1 to 12; after 1, in the year before its number."
        }
    }

    /// What a caller is told of a value that does not fit.
    var expectation: String {
        switch standard {
        case .truth: "\(rawValue) is true or false."
        case .integer(_, let range):
            "\(rawValue) is a whole number from \(range.lowerBound) to \(range.upperBound)."
        }
    }
}

extension LedgerSetting {
    func value(in transaction: ReadTransaction) throws -> Value {
        let text = try transaction.first(
            "SELECT value FROM ledger_setting WHERE name = ?1",
            [.text(rawValue)]
        ) { $0.string(0) }
        return text.flatMap(standard.reading) ?? standard
    }

    package func isTrue(in transaction: ReadTransaction) throws -> Bool {
        try value(in: transaction) == .truth(true)
    }

    /// The number that the setting is; 0 where it is none.
    package func integer(in transaction: ReadTransaction) throws -> Int {
        guard case .integer(let value, _) = try self.value(in: transaction) else { return 0 }
        return value
    }

    func put(_ value: Value, in transaction: WriteTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO ledger_setting (name, value) VALUES (?1, ?2)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """,
            [.text(rawValue), .text(value.text)]
        )
    }
}

/// The body of `posting.settings.put`.
package struct SettingChange: Equatable {
    package var setting: LedgerSetting
    package var value: LedgerSetting.Value

    /// Reads `{name, value}`; a value may be written as itself or as a text.
    package init(_ bytes: UnsafeRawBufferPointer) throws(RPCError) {
        var fields = try FieldReader(bytes)
        let name = fields.string("name", required: true)
        let node = fields.node("value", required: true)
        let setting = name.flatMap(LedgerSetting.init(rawValue:))
        if name != nil, setting == nil {
            let names = LedgerSetting.allCases.map(\.rawValue).joined(separator: ", ")
            fields.fail("name", "unknown_value", "Settings are \(names).")
        }
        var value: LedgerSetting.Value?
        if let setting, let node {
            value = Self.text(of: node).flatMap(setting.standard.reading)
            if value == nil { fields.fail("value", "invalid_value", setting.expectation) }
        }
        try fields.finish()
        guard let setting, let value else { throw .internal }
        self.setting = setting
        self.value = value
    }

    private static func text(of node: JSONNode) -> String? {
        switch node {
        case .string(let text), .number(let text): text
        case .boolean(let value): String(value)
        default: nil
        }
    }
}

extension LedgerSetting.Value: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .truth(let value): try container.encode(value)
        case .integer(let value, _): try container.encode(value)
        }
    }
}

extension Ledger {
    /// Every setting with its value, in the order of the registry.
    package func settings() async throws -> [(setting: LedgerSetting, value: LedgerSetting.Value)] {
        try await store.read { transaction in
            try LedgerSetting.allCases.map { ($0, try $0.value(in: transaction)) }
        }
    }

    /// Changes a setting, with its audit event; nothing happens where it has the value already.
    package func put(_ change: SettingChange, audit event: AuditEvent) async throws {
        let now = Timestamps.now()
        try await write { transaction, _ in
            let before = try change.setting.value(in: transaction)
            guard before != change.value else { return }
            try change.setting.put(change.value, in: transaction)
            var event = event
            event.change = try AuditChange(before: before, after: change.value).text()
            try AuditOutbox.add(event, at: now, in: transaction)
        }
    }
}
