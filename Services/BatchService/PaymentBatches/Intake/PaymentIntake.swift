internal import JSON
package import ServiceStore
internal import BatchRules
internal import Identity
internal import Money
internal import NIOConcurrencyHelpers
internal import Protocol
internal import Storage

/// Takes payments into the open batch of their username and date (contract S0-3 to S0-10).
///
/// One durable transaction holds everything that a payment changes: batch, payment, sums, what the
/// ledger is to be told, the audit event and the answer to the request's key. Payments that come
/// together share it. The ledger follows; the answer waits a moment for it, so that a reader sees the
/// balance at once, and never fails for it.
package final class PaymentIntake: Sendable {
    /// How long an answer waits for the ledger.
    static let ledgerWaitMilliseconds: Int64 = 250
    /// With more payments at once none waits: who loads many looks at no balance in between, and the
    /// ledger is told of them in larger groups.
    static let calmCalls = 8

    private let parts: PaymentParts
    private let calls = NIOLockedValueBox(0)
    private let groups: PaymentGroups

    package init(_ parts: PaymentParts) {
        self.parts = parts
        groups = PaymentGroups(parts)
    }

    /// Adds a payment (`batch.payments.add`).
    ///
    /// A key that is known is answered before any rule is looked at.
    ///
    /// - Throws: `invalid` for faults of the body, `ruleBroken` where the account takes no payments or
    ///   the batch has another department or deposit number.
    package func add(_ body: [UInt8], by caller: PaymentCaller) async throws -> KeyedReply {
        let environment = parts.environment
        let checked: CheckedPayment
        do {
            var payment = try NewPayment(body, today: environment.today)
            let check = try await environment.accounts.check(payment.accountID)
            let warnings = try AccountRules.judge(&payment.accountID, check)
            try AccountRules.requireRoom(for: payment.amount, check)
            checked = CheckedPayment(payment: payment, warnings: warnings, caller: caller)
        } catch {
            if let known = try await parts.store.answer(to: caller.key) { return known }
            throw error
        }
        let isCalm = calls.withLockedValue { calls in
            calls += 1
            return calls <= Self.calmCalls
        }
        defer { calls.withLockedValue { $0 -= 1 } }
        let reply = try await groups.write(checked)
        guard let paymentID = reply.undelivered else { return reply }
        if isCalm {
            _ = await environment.ledger.settled(
                paymentID,
                withinMilliseconds: Self.ledgerWaitMilliseconds
            )
        } else {
            environment.ledger.wake()
        }
        return reply
    }
}

/// A payment that its account lets pass, with the warnings of it.
struct CheckedPayment: Sendable {
    var payment: NewPayment
    var warnings: [RPCError.Detail]
    var caller: PaymentCaller
}

/// What a change of a batch looks like in the audit trail.
enum BatchChange {
    static func text(of batch: BatchRow, before: (count: Int64, total: Int64)) -> String {
        JSONWriter.objectText { text in
            text.member("batch_id", batch.id)
            text.object("before") { text in
                text.member("count", before.count)
                text.member("total", amount: before.total)
            }
            text.object("after") { text in
                text.member("count", batch.count)
                text.member("total", amount: batch.total)
            }
        }
    }
}
