import Dates
import JSON
import LedgerRules
import Money
import Protocol
import Storage

/// What stands beside the entry of a payment.
struct PaymentReference: Equatable {
    /// As batch-service numbers them; nil until it has told its numbers.
    var paymentID: Int64?
    var batchID: Int64?
    /// Whether the general ledger has it.
    var isFed: Bool
    /// The entry that this one takes back.
    var reverses: Int64?
    /// What an unscheduled payment is tied to (contract S2-1).
    var fundSourceID: Int64?
    var studentAwardID: Int64?

    fileprivate func append(to json: inout JSONWriter) {
        json.member("payment_id", paymentID)
        json.member("gl_status", isFed ? "posted" : "unposted")
        json.member("reverses", reverses)
        json.member("fund_source_id", fundSourceID)
        json.member("student_award_id", studentAwardID)
    }
}

/// One ledger entry with everything that its numbers stand for.
struct LedgerEntry: Equatable {
    var id: Int64
    var accountID: String
    var detailCode: String
    var kind: EntryKind
    /// With its sign as submitted.
    var amount: Amount
    var date: String
    var description: String
    var sourceName: String
    var sourceTransactionID: String
    /// 0 where the entry is that of a payment.
    var setID: Int64
    var journalID: Int64?
    /// Nil where a set brought the entry.
    var payment: PaymentReference?
    /// The account's entry before; 0 where this is its first.
    var previous: Int64

    /// The account's balance before this entry, by the one after it.
    func balanceBefore(_ after: Amount) -> Amount {
        let minorUnits = amount.minorUnits
        return Amount(
            minorUnits: kind.raisesBalance
                ? after.minorUnits &- minorUnits : after.minorUnits &+ minorUnits
        )
    }

    /// Appends the entry as a JSON object: on a card with the account's balance after it, amounts
    /// as numbers; else amounts as decimal texts.
    func append(cardBalance: Amount?, to json: inout JSONWriter) {
        json.object { json in
            json.member("entry_id", id)
            json.member("account_id", accountID)
            json.member("detail_code", detailCode)
            json.member("kind", kind.rawValue)
            if let cardBalance {
                json.member("amount", amount: amount)
                json.member("balance", amount: cardBalance)
            } else {
                json.member("amount", amount.fixedDecimal)
            }
            json.member("date", date)
            json.member("description", description)
            json.member("source_name", sourceName)
            json.member("source_transaction_id", sourceTransactionID)
            let batchID = payment.map(\.batchID) ?? setID
            json.member("batch_id", batchID.map { String($0) })
            json.member("journal_id", journalID)
            payment?.append(to: &json)
        }
    }
}

/// Reads entries in one snapshot and keeps the names that it has looked up.
final class EntryReader {
    private static let columns =
        """
        id, account, code, amount, date, source, source_tx, description, set_id, prev
        """

    private let transaction: ReadTransaction
    private var accounts: [Int64: String] = [:]
    private var codes: [Int64: (code: String, kind: EntryKind)] = [:]
    private var sources: [Int64: String] = [:]
    private var journals: [Int64: Int64?] = [:]

    init(_ transaction: ReadTransaction) { self.transaction = transaction }

    func entry(_ id: Int64) throws -> LedgerEntry? {
        let statement = try transaction.statement(
            "SELECT \(Self.columns) FROM entry WHERE id = ?1"
        )
        defer { statement.reset() }
        statement.bind(1, id)
        return try statement.step() ? try read(statement) : nil
    }

    /// Entries in order of their ids, from the one after `id` on.
    func entries(
        after id: Int64,
        limit: Int,
        _ body: (LedgerEntry) -> Void
    ) throws {
        let statement = try transaction.statement(
            "SELECT \(Self.columns) FROM entry WHERE id > ?1 ORDER BY id LIMIT ?2"
        )
        defer { statement.reset() }
        statement.bind(1, id)
        statement.bind(2, Int64(limit))
        while try statement.step() { body(try read(statement)) }
    }

    private func read(_ row: Statement) throws -> LedgerEntry {
        let code = try detailCode(row.int64(2))
        let set = row.int64(8)
        let id = row.int64(0)
        let payment = set == 0 ? try self.payment(ofEntry: id) : nil
        return LedgerEntry(
            id: id,
            accountID: try accountID(row.int64(1)),
            detailCode: code.code,
            kind: code.kind,
            amount: Amount(minorUnits: row.int64(3)),
            date: CalendarDay(daysSince1970: Int(row.int64(4))).text,
            description: row.string(7),
            sourceName: try sourceName(row.int64(5)),
            sourceTransactionID: row.string(6),
            setID: set,
            journalID: try payment.map { $0.journalID } ?? journalID(ofSet: set),
            payment: payment?.reference,
            previous: row.int64(9)
        )
    }
}

extension EntryReader {
    private func accountID(_ number: Int64) throws -> String {
        if let known = accounts[number] { return known }
        guard
            let name = try text("SELECT account_id FROM account WHERE id = ?1", number)
        else { throw LedgerFault.accountIsMissing(number) }
        accounts[number] = name
        return name
    }

    private func payment(
        ofEntry id: Int64
    ) throws -> (reference: PaymentReference, journalID: Int64?) {
        let statement = try transaction.statement(
            """
            SELECT p.payment_id, p.batch_id, p.journal_id, f.run_id, p.reverses_entry,
                s.fund_source_id, s.student_award_id
            FROM payment_entry p
                LEFT JOIN fed_batch f ON f.batch_id = p.batch_id AND p.kind <> 'charge'
                LEFT JOIN student_transaction s ON s.entry_id = p.entry_id
            WHERE p.entry_id = ?1
            """
        )
        defer { statement.reset() }
        statement.bind(1, id)
        guard try statement.step() else { throw LedgerFault.paymentIsMissing(entry: id) }
        return (
            PaymentReference(
                paymentID: statement.optionalInteger(0),
                batchID: statement.optionalInteger(1),
                isFed: !statement.isNull(2) || !statement.isNull(3),
                reverses: statement.optionalInteger(4),
                fundSourceID: statement.optionalInteger(5),
                studentAwardID: statement.optionalInteger(6)
            ), statement.optionalInteger(2)
        )
    }

    /// The code of a version; a payment has none.
    private func detailCode(_ version: Int64) throws -> (code: String, kind: EntryKind) {
        if version == 0 { return ("", .payment) }
        if let known = codes[version] { return known }
        let statement = try transaction.statement(
            "SELECT detail_code, type FROM detail_code WHERE id = ?1"
        )
        defer { statement.reset() }
        statement.bind(1, version)
        guard try statement.step(), let type = DetailCodeType(rawValue: statement.string(1)) else {
            throw LedgerFault.detailCodeIsMissing(version)
        }
        let code = (statement.string(0), type.entryKind)
        codes[version] = code
        return code
    }

    private func sourceName(_ number: Int64) throws -> String {
        if number == EntryBooking.source { return "payments" }
        if let known = sources[number] { return known }
        let name = try text("SELECT source_name FROM source WHERE id = ?1", number) ?? ""
        sources[number] = name
        return name
    }

    private func journalID(ofSet set: Int64) throws -> Int64? {
        if let known = journals[set] { return known }
        let statement = try transaction.statement(
            "SELECT journal_id FROM posting WHERE set_id = ?1"
        )
        defer { statement.reset() }
        statement.bind(1, set)
        guard try statement.step() else { throw LedgerFault.postingIsMissing(set: set) }
        let journal = statement.optionalInteger(0)
        journals[set] = .some(journal)
        return journal
    }

    private func text(_ sql: String, _ id: Int64) throws -> String? {
        let statement = try transaction.statement(sql)
        defer { statement.reset() }
        statement.bind(1, id)
        return try statement.step() ? statement.string(0) : nil
    }
}
