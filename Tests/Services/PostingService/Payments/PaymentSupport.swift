import Identity
import Dates
import FoundationEssentials
import Importing
import LedgerRules
import Money
import Protocol
import Storage

@testable import Bookkeeping

/// 2024-03-15.
let day: Int64 = 19_797

extension PaymentOperation {
    /// A cash payment on the first account, with what a test is about stated.
    static func test(
        _ paymentID: Int64,
        _ kind: Kind = .record,
        batch: Int64 = 1,
        account: String = "99999",
        amount: Int64 = 10_000,
        description: String = "Tuition",
        entry: Int64? = nil,
        reverses: Int64? = nil,
        code: String? = nil
    ) -> PaymentOperation {
        PaymentOperation(
            paymentID: paymentID,
            kind: kind,
            batchID: batch,
            accountID: account,
            amountMinorUnits: amount,
            paymentType: .cash,
            date: day,
            description: description,
            ledgerEntryID: entry,
            reversesLedgerEntryID: reverses,
            detailCode: code
        )
    }
}

extension TestLedger {
    @discardableResult
    func apply(_ operations: PaymentOperation...) async throws -> [Int64] {
        try await ledger.apply(operations).entryIDs
    }

    /// A payment as an unscheduled one is booked: batch-service does not know it yet.
    func bookUnscheduled(
        amount: Int64 = 10_000,
        text: String = "T1",
        cash: String = "1000"
    ) async throws -> Int64? {
        try await ledger.book { _, booking in
            booking.add(
                NewEntry(
                    account: 0,
                    kind: .payment,
                    amount: amount,
                    date: day,
                    description: "Unscheduled",
                    sourceTransaction: text
                ),
                PaymentMark(
                    kind: .record,
                    cashGL: booking.books.glNumbers[cash] ?? booking.books.cash,
                    digest: []
                )
            )
        }
    }

    func postJournal(
        run: Int64,
        proof: Bool = false,
        _ batches: [(id: Int64, operations: Int64, total: Int64)],
        date: Int64 = day,
        overrides: Bool = false
    ) async throws -> PostedJournal {
        let bytes = try await ledger.postJournal(
            PostJournal(
                runID: run,
                isProof: proof,
                batches: batches.map {
                    .init(batchID: $0.id, operations: $0.operations, totalMinorUnits: $0.total)
                },
                glDate: date,
                overridesPeriod: overrides
            )
        )
        return try JSONDecoder().decode(PostedJournal.self, from: Data(bytes))
    }

    func importPeriods(_ text: String) async throws -> ImportResult {
        let file = Array(text.utf8)
        let audit = Self.audit("gl-periods", file)
        return try await GLPeriodImport.apply(file, .csv, ledger, audit: audit)
    }

    func put(_ text: String) async throws {
        let change = try Array(text.utf8).withUnsafeBytes { try SettingChange($0) }
        try await ledger.put(
            change,
            audit: AuditEvent(
                outcome: .allowed,
                action: "put",
                subject: "setting \(change.setting.rawValue)"
            )
        )
    }

    /// The ledger card of an account.
    func card(_ account: String = "99999") async throws -> [CardLine] {
        let page = try await ledger.card(of: account, for: "reader", pageSize: 1_000)
        return try JSONDecoder().decode([CardLine].self, from: Data(page?.body ?? []))
    }

    /// The content of every table, those of payments included.
    func dumpAll() async throws -> [String: [String]] {
        var all = try await dump()
        for (table, columns) in Self.paymentTables {
            let list = columns.map { "quote(\($0))" }.joined(separator: " || ',' || ")
            all[table] = try await ledger.store.read { transaction in
                var rows: [String] = []
                try transaction.rows("SELECT \(list) FROM \(table) ORDER BY 1") {
                    rows.append($0.string(0))
                }
                return rows
            }
        }
        return all
    }

    private static let paymentTables = [
        "payment_entry": [
            "entry_id", "payment_id", "kind", "batch_id", "amount", "cash_gl", "digest",
            "reverses_entry", "journal_id",
        ],
        "journal_run": ["run_id", "digest", "gl_date", "period", "journal_id", "result"],
        "fed_batch": ["batch_id", "run_id"],
        "gl_period": ["year", "period", "first_day", "last_day", "is_closed"],
        "ledger_setting": ["name", "value"],
    ]
}

/// A line of a ledger card; what is null or absent is nil.
struct CardLine: Decodable, Equatable {
    var entryID: Int64
    var detailCode: String
    var kind: String
    var balance: Decimal
    var sourceName: String
    var sourceTransactionID: String
    var batchID: String?
    var journalID: Int64?
    var paymentID: Int64?

    enum CodingKeys: String, CodingKey {
        case entryID = "entry_id"
        case detailCode = "detail_code"
        case kind, balance
        case sourceName = "source_name"
        case sourceTransactionID = "source_transaction_id"
        case batchID = "batch_id"
        case journalID = "journal_id"
        case paymentID = "payment_id"
    }
}
