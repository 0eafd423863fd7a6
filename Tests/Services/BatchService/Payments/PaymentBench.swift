import BatchRules
import Dates
import Identity
import NIOConcurrencyHelpers
import NIOCore
import PaymentBatches
import Protocol
import ServiceStore
import Storage
import Testing

/// Accounts that a test describes; every other account takes payments.
final class ScriptedAccounts: AccountChecks {
    private let known = NIOLockedValueBox<[String: AccountCheck]>([:])

    func set(_ id: String, _ check: AccountCheck) { known.withLockedValue { $0[id] = check } }

    func isChargeCode(_ code: String) async throws -> Bool { !code.hasPrefix("NO") }

    func check(_ accountID: String) async throws -> AccountCheck {
        known.withLockedValue { $0[accountID] }
            ?? AccountCheck(accountID: accountID, inactive: false, alertCode: nil, warningCode: nil)
    }
}

/// A ledger that books whatever waits when it is asked, or nothing while it is stopped.
final class ScriptedLedger: LedgerDelivery {
    private let store: Store
    private let isStopped = NIOLockedValueBox(false)

    init(store: Store) { self.store = store }

    func stop() { isStopped.withLockedValue { $0 = true } }

    func wake() {}

    func settled(_ paymentID: Int64, withinMilliseconds: Int64) async -> Bool {
        guard !isStopped.withLockedValue({ $0 }) else { return false }
        do {
            try await store.write { transaction in
                try transaction.execute(
                    """
                    UPDATE payment SET ledger_entry_id = 1000000 + id
                    WHERE id = ?1 AND ledger_entry_id IS NULL
                    """,
                    [.integer(paymentID)]
                )
                try transaction.execute(
                    "DELETE FROM ledger_outbox WHERE payment_id = ?1 AND kind = 'record'",
                    [.integer(paymentID)]
                )
            }
            return true
        } catch {
            Issue.record("the scripted ledger cannot write: \(error)")
            return false
        }
    }
}

/// Payment batches over a store in a folder of its own.
final class PaymentBench: Sendable {
    private let place: TemporaryFolder
    let clock = ManualClock()
    let store: Store
    let accounts = ScriptedAccounts()
    let ledger: ScriptedLedger
    let parts: PaymentParts
    let consumed = NIOLockedValueBox<[String]>([])

    static let today = CalendarDay(text: "2027-01-15")

    init() async throws {
        place = try TemporaryFolder()
        store = try Store.open(
            engine: .sqlite(path: place.path + "/payments.db"),
            migrations: [Migration(1, "payments", PaymentSchema.tables + ContinuationKeys.table)]
        )
        ledger = ScriptedLedger(store: store)
        let today = try #require(Self.today)
        let (clock, consumed) = (clock, consumed)
        parts = PaymentParts(
            store: store,
            environment: PaymentEnvironment(
                now: { clock.now.milliseconds },
                today: { today },
                accounts: accounts,
                ledger: ledger,
                consumeReservation: { id, _, _ in consumed.withLockedValue { $0.append(id) } }
            )
        )
    }

    // MARK: Callers

    static let vendor = caller("vendor")
    static let reviewer = caller(
        "reviewer",
        username: "REVIEWER",
        role: StaffRole(name: "REVIEWER", releaseBatchStatus: .released, postingLevel: .all)
    )

    static func caller(
        _ account: String,
        username: String? = nil,
        department: String = "",
        role: StaffRole = .none,
        key: String? = nil
    ) -> PaymentCaller {
        PaymentCaller(
            account: account,
            staff: username.map {
                StaffUser(
                    userID: 1,
                    username: $0,
                    account: account,
                    role: role.name,
                    department: department,
                    isCashier: false,
                    isActive: true
                )
            },
            role: role,
            event: AuditEvent(outcome: .allowed, actor: account, action: "test"),
            key: key.flatMap { Self.key($0, of: account) }
        )
    }

    /// A key of a request without a digest; nil where it is malformed.
    static func key(_ text: String, of account: String, method: String = "") -> RequestKey? {
        (try? IdempotencyKey(text)).map {
            RequestKey(account: account, key: $0, method: method, digest: [])
        }
    }

    /// The caller with the key that its body makes.
    static func keyed(
        _ caller: PaymentCaller,
        _ method: String,
        _ body: String
    ) throws -> PaymentCaller {
        var keyed = caller
        keyed.key = try RequestKey(
            caller.key?.key.text,
            of: caller.account,
            method: method,
            body: ByteBuffer(string: body)
        )
        return keyed
    }

    // MARK: Calls

    @discardableResult
    func add(
        _ username: String = "CLERK",
        amount: String = "10.00",
        type: String = "C",
        more: String = "",
        as caller: PaymentCaller = PaymentBench.vendor
    ) async throws -> Answer {
        let body =
            #"{"username":"\#(username)","account_id":"99999","amount":\#(amount),"#
            + #""payment_type":"\#(type)"\#(more)}"#
        let keyed = try Self.keyed(caller, "batch.payments.add", body)
        return Answer(try await PaymentIntake(parts).add(Array(body.utf8), by: keyed))
    }

    @discardableResult
    func close(
        _ body: String,
        as caller: PaymentCaller = PaymentBench.vendor
    ) async throws -> Answer {
        let keyed = try Self.keyed(caller, "batch.batches.close", body)
        return Answer(try await BatchClosing(parts).close(Array(body.utf8), by: keyed))
    }

    enum Transition: String, CaseIterable, Sendable {
        case release, `return`, resume, approve, reject, delete
    }

    @discardableResult
    func ask(
        _ transition: Transition,
        _ batchID: Int64,
        more: String = "",
        as caller: PaymentCaller = PaymentBench.reviewer
    ) async throws -> Answer {
        let body = Array(#"{"batch_id":"\#(batchID)"\#(more)}"#.utf8)
        let (transitions, approval) = (BatchTransitions(parts), BatchApproval(parts))
        let reply =
            switch transition {
            case .release: try await transitions.release(body, by: caller)
            case .return: try await transitions.return(body, by: caller)
            case .resume: try await transitions.resume(body, by: caller)
            case .delete: try await transitions.delete(body, by: caller)
            case .approve: try await approval.approve(body, by: caller)
            case .reject: try await approval.reject(body, by: caller)
            }
        return Answer(reply)
    }

    @discardableResult
    func delete(
        _ body: String,
        as caller: PaymentCaller = PaymentBench.vendor
    ) async throws -> Answer {
        Answer(try await PaymentDeletion(parts).delete(Array(body.utf8), by: caller))
    }

    @discardableResult
    func reverse(
        _ paymentID: Int64,
        reason: String = "ERR",
        as caller: PaymentCaller = PaymentBench.vendor
    ) async throws -> Answer {
        let body = #"{"payment_id":"\#(paymentID)","reason_code":"\#(reason)"}"#
        return Answer(try await PaymentReversal(parts).reverse(Array(body.utf8), by: caller))
    }

    func void(_ ledgerEntryID: Int64) async throws -> VoidedPayment {
        try await PaymentVoiding(parts).void(
            VoidPayment(
                ledgerEntryID: ledgerEntryID,
                note: "wrong student",
                actor: "cashier",
                requestID: "r1"
            ),
            event: AuditEvent(outcome: .allowed, action: "batch.payments.void")
        )
    }

    func putWorkflow(_ body: String) async throws {
        _ = try await WorkflowParameters(parts).put(Array(body.utf8), by: Self.caller("admin"))
    }

    // MARK: What stands

    func batch(_ id: Int64) async throws -> Answer {
        Answer(bytes: try await BatchReading(parts).batch(Array(#"{"batch_id":"\#(id)"}"#.utf8)))
    }

    func payment(_ id: Int64) async throws -> Answer {
        Answer(
            bytes: try await BatchReading(parts).payment(Array(#"{"payment_id":"\#(id)"}"#.utf8))
        )
    }

    /// The actions of a batch's history, with where they led.
    func history(_ id: Int64) async throws -> [String] {
        let bytes = try await BatchReading(parts).history(Array(#"{"batch_id":"\#(id)"}"#.utf8))
        return Answer(bytes: bytes).elements.map { "\($0.text("action")) \($0.text("to"))" }
    }

    func number(_ sql: String) async throws -> Int64 {
        try await store.read { try $0.integer(sql) ?? -1 }
    }

    /// Posts a released batch as a journal run would.
    func post(_ id: Int64) async throws {
        try await store.write { transaction in
            var row = try #require(try BatchRow.load(id, in: transaction))
            #expect(row.machine.postBegan(owner: "run") == .locked)
            #expect(row.machine.postSucceeded() == .posted)
            try row.save(in: transaction)
        }
    }

    /// Locks a released batch as a journal run does.
    func lock(_ id: Int64) async throws {
        try await store.write { transaction in
            var row = try #require(try BatchRow.load(id, in: transaction))
            #expect(row.machine.postBegan(owner: "run") == .locked)
            try row.save(in: transaction)
        }
    }

    /// Compares every batch's sums with its payments, and counts what the ledger is told.
    func expectConsistent(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let wrong = try await number(
            """
            SELECT COUNT(*) FROM payment_batch b WHERE
                b.payment_count <> (SELECT COUNT(*) FROM payment p
                    WHERE p.batch_id = b.id AND p.state <> 'Deleted')
                OR b.total <> (SELECT COALESCE(SUM(p.amount), 0) FROM payment p
                    WHERE p.batch_id = b.id AND p.state <> 'Deleted')
                OR b.total <> (SELECT COALESCE(SUM(t.total), 0) FROM payment_batch_tender t
                    WHERE t.batch_id = b.id)
                OR b.payment_count <> (SELECT COALESCE(SUM(t.payment_count), 0)
                    FROM payment_batch_tender t WHERE t.batch_id = b.id)
                OR b.operations <> (SELECT COUNT(*) + SUM(p.state = 'Deleted') FROM payment p
                    WHERE p.batch_id = b.id)
            """
        )
        #expect(wrong == 0, "batches whose sums are wrong", sourceLocation: sourceLocation)
    }
}
