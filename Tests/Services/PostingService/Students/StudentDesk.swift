import Identity
import Importing
import JSON
import Logging
import NIOConcurrencyHelpers
import NIOCore
import Protocol
import ServiceStore
import Storage

@testable import Bookkeeping
@testable import Students

/// A ledger with the students of the sample of contract 3b, and the commands over it.
struct StudentDesk {
    let test: TestLedger
    let batches: FakeBatches
    let handover: PaymentHandover
    let commands: StudentCommands
    let refusals = NIOLockedValueBox<[String]>([])

    var ledger: Ledger { test.ledger }

    static let reference: [(kind: String, text: String)] = [
        ("campuses", "campus_id,name,cashiering\n1,North,true\n2,South,false\n"),
        (
            "students",
            """
            student_id,account_id,name,campus_id
            50090,99999,Ada Lovelace,1
            50091,33970N,Kathleen Booth,2
            50092,73491,Grace Hopper,2
            50093,11111,Closed,2

            """
        ),
        (
            "enrollment-periods",
            """
            student_enrollment_period_id,student_id,campus_id,name
            264,50090,1,Fall
            265,50091,2,
            266,50092,2,
            267,50093,2,

            """
        ),
        (
            "academic-years",
            """
            student_academic_year_id,student_id,sequence
            719,50090,2
            720,50091,1
            721,50092,1
            722,50093,1

            """
        ),
        (
            "fund-sources",
            """
            fund_source_id,name,kind
            11,Private Grant,non_federal
            12,Pell,federal
            13,"=Loan, <b>federal</b>",FEDERAL

            """
        ),
        ("banks", "bank_id,campus_id,name\n1,1,First\n2,2,Second\n"),
        (
            "bank-accounts",
            """
            bank_account_id,bank_id,name,gl_account
            1,1,Operating,1010
            2,2,Operating,1020

            """
        ),
    ]

    static func make() async throws -> StudentDesk {
        let test = try await TestLedger.make()
        let batches = FakeBatches(ledger: test.ledger)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let handover = PaymentHandover(
            store: test.ledger.store,
            batches: batches,
            logger: logger,
            now: { 1_000_000 }
        )
        let commands = StudentCommands(
            ledger: test.ledger,
            batches: batches,
            handover: handover,
            staff: { cashiers[$0] },
            now: { 1_000_000 },
            logger: logger
        )
        let desk = StudentDesk(
            test: test,
            batches: batches,
            handover: handover,
            commands: commands
        )
        for (kind, text) in reference { try await desk.importReference(kind, text) }
        return desk
    }

    @discardableResult
    func importReference(
        _ kind: String,
        _ text: String,
        format: ImportFormat = .csv
    ) async throws -> ImportResult {
        guard let table = ReferenceKind(rawValue: kind).flatMap(ReferenceTable.init) else {
            throw RPCError.notFound
        }
        let file = Array(text.utf8)
        return try await ledger.importReference(
            ReferenceFile.read(file, format, table),
            table,
            audit: TestLedger.audit(kind, file)
        )
    }

    static let cashiers: [Int64: StaffUser] = [
        3_186: user(3_186, "ada", isCashier: true),
        3_187: user(3_187, "bob", isCashier: true),
        3_188: user(3_188, "eve", isCashier: false),
    ]

    static func user(_ id: Int64, _ name: String, isCashier: Bool) -> StaffUser {
        StaffUser(
            userID: id,
            username: name,
            account: "clerk-\(name)",
            role: "Cashier",
            department: "Bursar",
            isCashier: isCashier,
            isActive: true
        )
    }
}

extension StudentDesk {
    func caller(
        tasks: [NamedTask] = NamedTask.all,
        staff: Int64? = 3_186,
        actsForOthers: Bool = false
    ) -> CommandCaller {
        CommandCaller(
            account: "clerk-ada",
            staff: staff.flatMap { Self.cashiers[$0] },
            role: StaffRole(name: "Cashier", actsForOthers: actsForOthers, tasks: tasks),
            requestID: "request-1",
            event: { AuditEvent(outcome: .allowed, action: "command", subject: $0, change: $1) },
            refuse: { [refusals] reason in refusals.withLockedValue { $0.append(reason) } }
        )
    }

    private func keyed(
        _ caller: CommandCaller?,
        _ key: String?,
        _ method: MethodDescriptor,
        _ body: String
    ) throws -> CommandCaller {
        var caller = caller ?? self.caller()
        caller.key = try RequestKey(
            key,
            of: caller.account,
            method: method.name,
            body: ByteBuffer(string: body)
        )
        return caller
    }

    func post(
        _ body: String,
        _ caller: CommandCaller? = nil,
        key: String? = nil
    ) async throws -> Answer {
        let caller = try keyed(caller, key, LedgerPaymentMethods.postPayment, body)
        return Answer(try await commands.postPayment(Array(body.utf8), caller))
    }

    func void(
        _ body: String,
        _ caller: CommandCaller? = nil,
        key: String? = nil
    ) async throws -> Answer {
        let caller = try keyed(caller, key, LedgerPaymentMethods.voidPayment, body)
        return Answer(try await commands.voidPayment(Array(body.utf8), caller))
    }

    /// Posts the sample with other properties and gives the id of the transaction.
    func posted(_ changes: [String: String?] = [:]) async throws -> Int64 {
        let answer = try await post(Sample.body(changes))
        guard let id = answer.entity?["id"], case .number(let text) = id, let number = Int64(text)
        else { throw RPCError.ruleBroken([]) }
        return number
    }

    /// Audit rows of commands: those of the reference data that the desk opened with stand there too.
    func auditRowsOfCommands() async throws -> Int64 {
        try await integer(
            """
            SELECT COUNT(*) FROM audit_outbox
            WHERE CAST(event AS TEXT) LIKE '%"subject":"student_transaction %'
            """
        )
    }

    func integer(_ sql: String) async throws -> Int64 { try await test.integer(sql) }

    /// The rows of every table that a payment writes.
    func counts() async throws -> [String: Int64] {
        var counts: [String: Int64] = [:]
        for table in [
            "entry", "payment_entry", "student_transaction", "student_award", "payment_outbox",
            "request_key", "audit_outbox", "reservation_refused",
        ] {
            counts[table] = try await integer("SELECT COUNT(*) FROM \(table)")
        }
        return counts
    }
}

/// A command's answer, read.
struct Answer {
    let reply: KeyedReply
    let node: JSONNode

    init(_ reply: KeyedReply) {
        self.reply = reply
        node = JSONNode(reply.body) ?? .null
    }

    var status: Int64 {
        guard case .integer(let status)? = reply.metadata["http_status"] else { return 0 }
        return status
    }
    var text: String { String(decoding: reply.body, as: UTF8.self) }
    /// Nil where nothing was done.
    var entity: JSONNode? {
        guard let data = node["payload"]?["data"], data != .null else { return nil }
        return data
    }
    /// `code property` of each notification, in their order.
    var notifications: [String] {
        (node["notifications"]?.elements ?? []).map { one in
            guard case .string(let code)? = one["code"] else { return "" }
            guard case .string(let property)? = one["property"] else { return code }
            return "\(code) \(property)"
        }
    }
    /// The flags that are true.
    var flags: Set<String> {
        guard case .object(let members) = node else { return [] }
        return Set(members.filter { $0.value == .boolean(true) }.map(\.key))
    }
}

/// The sample of contract 3b.
enum Sample {
    static let verbatim = """
        {"payload": {"academicYearSequence": 2, "awardYear": "2023-24", "bankAccountId": 1,
          "description": "Student payment received", "fundSourceId": 11, "paymentMode": 2, \
        "paymentType": "H",
          "checkNumber": "2345", "studentAcademicYearId": 719, "studentEnrollmentPeriodId": 264, \
        "studentId": 50090,
          "transactionAmount": 250.00, "transactionDate": "2024/09/01 00:00:00", \
        "isNewPaymentSuccessful": true,
          "ignoreTermRequired": false, "termId": 61, "cashDrawerId": 15, \
        "cashDrawerSessionId": 20, "cashierUserId": 3186}}
        """
    private static let properties: [(name: String, value: String)] = [
        ("academicYearSequence", "2"), ("awardYear", #""2023-24""#), ("bankAccountId", "1"),
        ("description", #""Student payment received""#), ("fundSourceId", "11"),
        ("paymentMode", "2"), ("paymentType", #""H""#), ("checkNumber", #""2345""#),
        ("studentAcademicYearId", "719"), ("studentEnrollmentPeriodId", "264"),
        ("studentId", "50090"), ("transactionAmount", "250.00"),
        ("transactionDate", #""2024/09/01 00:00:00""#), ("isNewPaymentSuccessful", "true"),
        ("ignoreTermRequired", "false"), ("termId", "61"), ("cashDrawerId", "15"),
        ("cashDrawerSessionId", "20"), ("cashierUserId", "3186"),
    ]
    /// The properties of the sample that name a student at the campus without cashiering.
    static let south: [String: String?] = [
        "academicYearSequence": "1", "bankAccountId": "2", "studentAcademicYearId": "720",
        "studentEnrollmentPeriodId": "265", "studentId": "50091",
    ]

    /// The sample with some properties as JSON texts of one's own; nil leaves one out.
    static func body(_ changes: [String: String?]) -> String {
        let known = properties.compactMap { name, value -> String? in
            guard let change = changes[name] else { return "\"\(name)\": \(value)" }
            return change.map { "\"\(name)\": \($0)" }
        }
        let names = Set(properties.map(\.name))
        let more = changes.filter { !names.contains($0.key) }.sorted { $0.key < $1.key }
            .compactMap { name, value in value.map { "\"\(name)\": \($0)" } }
        return "{" + (known + more).joined(separator: ", ") + "}"
    }
}
