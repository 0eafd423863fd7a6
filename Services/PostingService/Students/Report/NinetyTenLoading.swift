import Bookkeeping
import Dates
import LedgerRules
import Money
import Protocol
import Storage

extension Ledger {
    /// The 90/10 report of a campus and fiscal year, from one snapshot; nil where there is no such
    /// campus.
    ///
    /// Walks every entry of the campus's students, at about 3 µs each.
    func ninetyTen(campus: Int64, year: Int) async throws -> NinetyTenReport? {
        try await store.read { transaction in
            let month = try LedgerSetting.fiscalYearStartMonth.integer(in: transaction)
            guard let year = FiscalYear(year, startingIn: Int(month)) else {
                throw RPCError.invalid([
                    .init(
                        field: "/fiscal_year",
                        code: "out_of_range",
                        message: "fiscal_year is a year from \(FiscalYear.numbers.lowerBound) to "
                            + "\(FiscalYear.numbers.upperBound)."
                    )
                ])
            }
            let name = try transaction.first(
                "SELECT name FROM campus WHERE id = ?1",
                [.integer(campus)]
            ) { $0.string(0) }
            guard let name else { return nil }
            let walk = try LedgerWalk(campus: campus, year: year, in: transaction)
            let report = NinetyTenReport(
                campusID: campus,
                campusName: name,
                year: year,
                lines: try FundSourceLines.read(campus: campus, year: year, in: transaction),
                findings: walk.findings,
                ledgerTotal: Amount(minorUnits: walk.total)
            )
            guard let report else { throw FundSourceLines.beyondReporting }
            return report
        }
    }
}

/// What the students' transactions say: payments of a campus by fund source.
enum FundSourceLines {
    static let beyondReporting = RPCError(
        .outOfRange,
        reason: "total_out_of_range",
        message: "The report's totals are beyond what can be shown: ask for a smaller part."
    )

    static func read(
        campus: Int64,
        year: FiscalYear,
        in transaction: ReadTransaction
    ) throws -> [FundSourceLine] {
        var lines: [Int64: FundSourceLine] = [:]
        try transaction.rows(
            """
            SELECT t.fund_source_id, f.name, f.kind, t.amount, t.reverses_entry
            FROM student_transaction t JOIN fund_source f ON f.id = t.fund_source_id
            WHERE t.campus_id = ?1 AND t.transaction_date BETWEEN ?2 AND ?3
            """,
            [
                .integer(campus), .integer(Int64(year.first.daysSince1970)),
                .integer(Int64(year.last.daysSince1970)),
            ]
        ) { row in
            let id = row.int64(0)
            guard let kind = FundSourceKind(rawValue: row.string(2)) else {
                throw StoreError.damaged("fund source \(id) has an unknown kind")
            }
            var line =
                lines[id] ?? FundSourceLine(fundSourceID: id, name: row.string(1), kind: kind)
            let amount = Amount(minorUnits: row.int64(3))
            guard line.add(amount, undoesAnother: !row.isNull(4)) else {
                throw beyondReporting
            }
            lines[id] = line
        }
        return lines.values.sorted {
            ($0.kind.rawValue, $0.fundSourceID) < ($1.kind.rawValue, $1.fundSourceID)
        }
    }
}

/// What the ledger itself says: every payment on an account of the campus's students, found along
/// the accounts' chains of entries and not by the students' transactions.
///
/// A payment with a transaction belongs to the campus of that; one without to its student's campus.
struct LedgerWalk {
    private(set) var total: Int64 = 0
    private(set) var findings: [UnsourcedPayment] = []
    private let campus: Int64
    private let days: ClosedRange<Int64>
    /// Versions of detail codes that are payments; 0 is that of payments without a code.
    private var paymentCodes: Set<Int64> = [0]

    private struct Account {
        var number: Int64
        var accountID: String
        var campus: Int64
    }

    init(campus: Int64, year: FiscalYear, in transaction: ReadTransaction) throws {
        self.campus = campus
        days = Int64(year.first.daysSince1970)...Int64(year.last.daysSince1970)
        try transaction.rows(
            "SELECT id FROM detail_code WHERE type = ?1",
            [.text(DetailCodeType.payment.rawValue)]
        ) { paymentCodes.insert($0.int64(0)) }
        var accounts: [Account] = []
        try transaction.rows(
            """
            SELECT a.id, a.account_id, s.campus_id
            FROM student s JOIN account a ON a.account_id = s.account_id
            WHERE s.campus_id = ?1
                OR EXISTS (SELECT 1 FROM student_transaction t
                    WHERE t.student_id = s.id AND t.campus_id = ?1)
            ORDER BY a.id
            """,
            [.integer(campus)]
        ) {
            accounts.append(
                Account(number: $0.int64(0), accountID: $0.string(1), campus: $0.int64(2))
            )
        }
        for account in accounts { try walk(account, in: transaction) }
        findings.sort { $0.entryID < $1.entryID }
    }

    private mutating func walk(_ account: Account, in transaction: ReadTransaction) throws {
        var next = try AccountBlock.state(of: account.number, in: transaction).lastEntry
        let statement = try transaction.statement(
            """
            SELECT e.account, e.code, e.amount, e.date, e.prev, t.campus_id
            FROM entry e LEFT JOIN student_transaction t ON t.entry_id = e.id WHERE e.id = ?1
            """
        )
        defer { statement.reset() }
        while next != 0 {
            statement.reset()
            statement.bind(1, next)
            guard try statement.step(), statement.int64(0) == account.number else {
                throw LedgerFault.entryIsMissing(next)
            }
            let id = next
            next = statement.int64(4)
            let date = statement.int64(3)
            guard paymentCodes.contains(statement.int64(1)), days.contains(date) else { continue }
            let tied = statement.optionalInteger(5)
            guard (tied ?? account.campus) == campus else { continue }
            let amount = statement.int64(2)
            try add(amount)
            guard tied == nil else { continue }
            findings.append(
                UnsourcedPayment(
                    entryID: id,
                    accountID: account.accountID,
                    date: CalendarDay(daysSince1970: Int(date)).text,
                    amount: Amount(minorUnits: amount)
                )
            )
        }
    }

    private mutating func add(_ amount: Int64) throws {
        let (sum, overflow) = total.addingReportingOverflow(amount)
        guard !overflow else { throw FundSourceLines.beyondReporting }
        total = sum
    }
}
