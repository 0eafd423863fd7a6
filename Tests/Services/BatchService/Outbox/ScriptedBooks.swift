import NIOConcurrencyHelpers
import PaymentBatches
import Protocol

/// posting-service's side of payments that does what it is told, wrong things included.
///
/// It keeps the promises of the contract: an operation is booked once, all of a call or none, a run has
/// one journal.
final class ScriptedBooks: LedgerClient {
    enum Step: Sendable {
        /// Does its work, and the answer is lost.
        case loseReply
        /// Does nothing.
        case fail(RPCError)
        /// Waits until `release` is called, then does its work.
        case hangBefore
        /// Does its work, then waits until `release` is called.
        case hangAfter
    }

    struct Key: Hashable, Sendable {
        var paymentID: Int64
        var kind: PaymentOperation.Kind
    }

    private struct State {
        var script: [Step] = []
        var waiting: [CheckedContinuation<Void, Never>] = []
        var booked: [Key: (operation: PaymentOperation, entry: Int64)] = [:]
        var order: [PaymentOperation] = []
        var nextEntry: Int64 = 1
        var applyCalls: [Int] = []
        var poison: Set<Int64> = []
        var isPeriodClosed = false
        var runs: [Int64: PostedJournal] = [:]
        var journalCalls: [PostJournal] = []
        var fed: [Int64: Int] = [:]
        var reservations: Set<String> = []
        var checks: [[String]] = []
    }

    private let state = NIOLockedValueBox(State())

    static let lost = RPCError(
        .unavailable,
        reason: "connection_lost",
        message: "The connection broke.",
        processed: .maybe
    )

    func isChargeCode(_ code: String) async throws -> Bool { code != "NONE" }

    // MARK: What a test says

    func script(_ steps: Step...) { state.withLockedValue { $0.script += steps } }
    func poison(_ payments: Int64...) { state.withLockedValue { $0.poison = Set(payments) } }
    func closePeriod(_ isClosed: Bool) { state.withLockedValue { $0.isPeriodClosed = isClosed } }
    func book(reservation: String) {
        state.withLockedValue { _ = $0.reservations.insert(reservation) }
    }

    func release() {
        let waiting = state.withLockedValue { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiter in waiting { waiter.resume() }
    }

    // MARK: What a test sees

    var isWaiting: Bool { state.withLockedValue { !$0.waiting.isEmpty } }
    /// Every operation once, in the order in which they were booked.
    var order: [PaymentOperation] { state.withLockedValue { $0.order } }
    /// The sizes of the calls.
    var applyCalls: [Int] { state.withLockedValue { $0.applyCalls } }
    /// How often each batch was fed to the general ledger.
    var fed: [Int64: Int] { state.withLockedValue { $0.fed } }
    var journalCalls: [PostJournal] { state.withLockedValue { $0.journalCalls } }
    var checks: [[String]] { state.withLockedValue { $0.checks } }

    func entry(_ paymentID: Int64, _ kind: PaymentOperation.Kind = .record) -> Int64? {
        state.withLockedValue { $0.booked[Key(paymentID: paymentID, kind: kind)]?.entry }
    }

    // MARK: The calls

    func apply(_ operations: [PaymentOperation]) async throws -> [Int64] {
        state.withLockedValue { $0.applyCalls.append(operations.count) }
        return try await step { try self.book(operations) }
    }

    func check(_ accountIDs: [String]) async throws -> [AccountCheck] {
        state.withLockedValue { $0.checks.append(accountIDs) }
        return try await step {
            accountIDs.map {
                AccountCheck(accountID: $0, inactive: false, alertCode: nil, warningCode: nil)
            }
        }
    }

    func post(_ journal: PostJournal) async throws -> PostedJournal {
        state.withLockedValue { $0.journalCalls.append(journal) }
        return try await step { try self.feed(journal) }
    }

    func booked(_ reservationIDs: [String]) async throws -> [String] {
        try await step {
            self.state.withLockedValue { state in
                reservationIDs.filter { state.reservations.contains($0) }
            }
        }
    }

    private func step<Value: Sendable>(_ work: () throws -> Value) async throws -> Value {
        let next = state.withLockedValue { $0.script.isEmpty ? nil : $0.script.removeFirst() }
        switch next {
        case nil: return try work()
        case .loseReply:
            _ = try work()
            throw Self.lost
        case .fail(let error): throw error
        case .hangBefore:
            await hang()
            return try work()
        case .hangAfter:
            let value = try work()
            await hang()
            return value
        }
    }

    private func hang() async {
        await withCheckedContinuation { continuation in
            state.withLockedValue { $0.waiting.append(continuation) }
        }
    }

    private func book(_ operations: [PaymentOperation]) throws -> [Int64] {
        try state.withLockedValue { state in
            let refused = operations.first { state.poison.contains($0.paymentID) }
            if let refused { throw Self.refusal("account_unknown", refused.paymentID) }
            var entries: [Int64] = []
            var next = state
            for operation in operations {
                let key = Key(paymentID: operation.paymentID, kind: operation.kind)
                if let held = next.booked[key] {
                    guard held.operation == operation else {
                        throw Self.refusal("key_reused", operation.paymentID)
                    }
                    entries.append(held.entry)
                    continue
                }
                if operation.kind == .withdraw,
                    next.booked[Key(paymentID: operation.paymentID, kind: .record)] == nil
                {
                    throw Self.refusal("record_missing", operation.paymentID)
                }
                let entry = operation.ledgerEntryID ?? next.nextEntry
                next.nextEntry += 1
                next.booked[key] = (operation, entry)
                next.order.append(operation)
                entries.append(entry)
            }
            state = next
            return entries
        }
    }

    private func feed(_ journal: PostJournal) throws -> PostedJournal {
        try state.withLockedValue { state in
            if let posted = state.runs[journal.runID] { return posted }
            if state.isPeriodClosed, !journal.overridesPeriod {
                throw Self.refusal("period_closed", journal.runID)
            }
            var total: Int64 = 0
            var entries: Int64 = 0
            for batch in journal.batches {
                let held = state.order.filter { $0.batchID == batch.batchID && $0.kind != .charge }
                let sum = held.reduce(Int64(0)) {
                    $1.kind == .withdraw ? $0 - $1.amountMinorUnits : $0 + $1.amountMinorUnits
                }
                guard held.count == Int(batch.operations), sum == batch.totalMinorUnits else {
                    throw Self.refusal("batch_incomplete", batch.batchID)
                }
                total += sum
                entries += batch.operations
            }
            let posted = PostedJournal(
                journalID: journal.isProof ? nil : 9_000 + journal.runID,
                entries: entries,
                lines: [
                    .init(glAccount: "CASH", debitMinorUnits: total, creditMinorUnits: 0),
                    .init(glAccount: "RECEIVABLE", debitMinorUnits: 0, creditMinorUnits: total),
                ],
                period: "2027/01"
            )
            if !journal.isProof {
                for batch in journal.batches { state.fed[batch.batchID, default: 0] += 1 }
                state.runs[journal.runID] = posted
            }
            return posted
        }
    }

    private static func refusal(_ reason: String, _ id: Int64) -> RPCError {
        RPCError(.failedPrecondition, reason: reason, message: "\(id) is refused.")
    }
}
