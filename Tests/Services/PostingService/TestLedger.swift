import FoundationEssentials
import Importing
import LedgerRules
import Money
import NIOCore
import Protocol
import ServiceStore
import Storage

@testable import Bookkeeping

/// A ledger in a folder of its own, with a few accounts and codes; the folder goes with it.
final class TestLedger: @unchecked Sendable {
    let folder: String
    private(set) var ledger: Ledger
    private var nextSet: Int64 = 1

    static let accounts = """
        account_id,name,inactive,alert_code,warning_code
        99999,Ada Lovelace,false,,
        73491,Grace Hopper,false,,W1
        33970N,Kathleen Booth,false,,
        11111,Closed,true,A1,

        """
    static let codes = """
        detail_code,description,type,gl_account,active,subsystem
        A484,Tuition,charge,4000,true,SR
        ABC123,Housing,charge,4100,true,SR
        PMT1,Payment,payment,1000,true,RP
        OLD1,Withdrawn,charge,4000,false,SR

        """

    private init(folder: String, ledger: Ledger) {
        self.folder = folder
        self.ledger = ledger
    }

    /// The store is closed first: a checkpoint that finds its file gone ends the process.
    deinit {
        Task { [folder, ledger] in
            await ledger.close()
            try? FileManager.default.removeItem(atPath: folder)  // left behind it harms nobody
        }
    }

    static func make(
        accounts: String = accounts,
        codes: String = codes,
        limits: DuplicateIndex.Limits = small
    ) async throws -> TestLedger {
        let name = "bursar-ledger-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
        let folder = FileManager.default.temporaryDirectory.appending(path: name).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let ledger = try await open(folder, limits)
        let test = TestLedger(folder: folder, ledger: ledger)
        _ = try await test.importAccounts(accounts)
        _ = try await test.importCodes(codes)
        return test
    }

    /// A ledger on files that another one left behind.
    static func attach(to folder: String) async throws -> TestLedger {
        TestLedger(folder: folder, ledger: try await open(folder, small))
    }

    /// A duplicate index so small that a few thousand entries pass through all of its stages.
    static var small: DuplicateIndex.Limits {
        DuplicateIndex.Limits(
            tailEntries: 500,
            newRunEntries: 700,
            mergeWidth: 3,
            filterKeys: 1_024
        )
    }

    private static func open(
        _ folder: String,
        _ limits: DuplicateIndex.Limits
    ) async throws -> Ledger {
        var options = Ledger.Options()
        options.maximumSetBytes = 4 << 20
        options.duplicateLimits = limits
        return try await Ledger.open(path: folder + "/posting.db", options: options)
    }

    /// Closes the store and opens it again, as after a restart; `damage` is done in between.
    func reopen(
        damage: String? = nil,
        limits: DuplicateIndex.Limits = small
    ) async throws {
        await ledger.close()
        if let damage {
            let store = try Store.open(
                engine: .sqlite(path: folder + "/posting.db", options: LedgerSchema.options),
                migrations: LedgerSchema.migrations
            )
            _ = try await store.write { try $0.execute(damage) }
            await store.close()
        }
        ledger = try await Self.open(folder, limits)
    }

    static func audit(_ subject: String, _ file: [UInt8]) -> ImportAudit {
        ImportAudit(AuditEvent(outcome: .allowed, action: "import", subject: subject), file: file)
    }

    func importAccounts(
        _ text: String,
        format: ImportFormat = .csv
    ) async throws -> ImportResult {
        let file = Array(text.utf8)
        return try await ledger.importAccounts(
            AccountImport.records(file, format),
            audit: Self.audit("accounts", file)
        )
    }

    func importCodes(
        _ text: String,
        format: ImportFormat = .csv
    ) async throws -> ImportResult {
        let file = Array(text.utf8)
        return try await ledger.importDetailCodes(
            DetailCodeImport.records(file, format),
            audit: Self.audit("detail_codes", file)
        )
    }
}

extension TestLedger {
    /// Posts a set under the next set id, or one of the caller's.
    @discardableResult
    func post(
        _ set: TestSet,
        id: Int64? = nil,
        policy: CommitPolicy = .perTransaction,
        digest: String? = nil,
        sourceIsKnown: Bool = true
    ) async throws -> PostSetResult {
        let setID = id ?? takeSetID()
        let bytes = try await ledger.post(
            PostSetParameters(
                setID: setID,
                commitPolicy: policy,
                digest: digest ?? Self.digest(of: set.json),
                attempt: 1
            ),
            body: ByteBuffer(string: set.json),
            sourceIsKnown: { _ in sourceIsKnown }
        )
        return try Self.decode(bytes)
    }

    static func decode(_ bytes: [UInt8]) throws -> PostSetResult {
        try JSONDecoder().decode(PostSetResult.self, from: Data(bytes))
    }

    /// Stands for a SHA-256: 64 digits that differ with the text.
    static func digest(of text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 64 - digits.count) + digits
    }

    /// The next free id; tests that post at once give ids of their own.
    private func takeSetID() -> Int64 {
        defer { nextSet += 1 }
        return nextSet
    }

    func balance(_ account: String) async throws -> Int64? {
        try await ledger.account(account)?.balance.minorUnits
    }

    /// The content of every table, row by row: equal texts are equal tables.
    func dump(without excluded: Set<String> = []) async throws -> [String: [String]] {
        var all: [String: [String]] = [:]
        for (table, columns) in Self.tables where !excluded.contains(table) {
            let list = columns.map { "quote(\($0))" }.joined(separator: " || ',' || ")
            all[table] = try await ledger.store.read { transaction in
                let statement = try transaction.statement("SELECT \(list) FROM \(table) ORDER BY 1")
                defer { statement.reset() }
                var rows: [String] = []
                while try statement.step() { rows.append(statement.string(0)) }
                return rows
            }
        }
        return all
    }

    private static let tables: [String: [String]] = [
        "entry": [
            "id", "account", "code", "amount", "date", "source", "source_tx", "description",
            "set_id", "prev",
        ],
        "posting": ["set_id", "digest", "first_entry", "entries", "journal_id", "result"],
        "gl_line": ["id", "journal_id", "gl", "debit", "credit"],
        "gl_balance": ["gl", "debit_high", "debit_low", "credit_high", "credit_low"],
        "account_block": ["id", "b"],
        "account": ["id", "account_id", "name", "inactive", "alert_code", "warning_code"],
        "gl_account": ["id", "gl_account"],
        "detail_code": [
            "id", "detail_code", "version", "description", "type", "gl", "active", "subsystem",
        ],
        "source": ["id", "source_name"],
        "secret": ["id", "hash_key"],
        "dup_run": ["id", "b"],
        "dup_run_dir": ["id", "level", "first_entry", "entries", "state"],
    ]

    /// One integer that a query gives.
    func integer(_ sql: String) async throws -> Int64 {
        try await ledger.store.read { try $0.integer(sql) ?? 0 }
    }

    /// Every entry, by the export's own lines.
    func exported() async throws -> [ExportedEntry] {
        var after: Int64 = 0
        var all: [ExportedEntry] = []
        while true {
            let page = try await ledger.export(after: after, limit: 1_000)
            for line in String(decoding: page.body, as: UTF8.self).split(separator: "\n") {
                all.append(
                    try JSONDecoder().decode(ExportedEntry.self, from: Data(line.utf8))
                )
            }
            guard page.more else { return all }
            after = page.lastEntryID
        }
    }
}

struct ExportedEntry: Decodable, Equatable {
    var entryID: Int64
    var accountID: String
    var detailCode: String
    var kind: String
    var amount: String
    var sourceName: String
    var sourceTransactionID: String
    var batchID: String
    var journalID: Int64?

    enum CodingKeys: String, CodingKey {
        case entryID = "entry_id"
        case accountID = "account_id"
        case detailCode = "detail_code"
        case kind, amount
        case sourceName = "source_name"
        case sourceTransactionID = "source_transaction_id"
        case batchID = "batch_id"
        case journalID = "journal_id"
    }
}
