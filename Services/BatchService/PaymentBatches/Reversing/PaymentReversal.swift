package import ServiceStore
internal import BatchRules
internal import Dates
internal import Identity
internal import JSON
internal import Protocol
internal import Storage

/// Reverses payments: in their batch before posting, in a reversal batch after (contract 1b; faults
/// M-04, T-06).
package struct PaymentReversal: Sendable {
    let parts: PaymentParts

    package init(_ parts: PaymentParts) { self.parts = parts }

    private struct Request: Sendable {
        var paymentID: Int64
        var reasonCode: String
        var note: String?

        init(_ body: [UInt8]) throws(RPCError) {
            var fields = try FieldReader.reading(body)
            paymentID = try fields.pathIdentifier("payment_id")
            let reason = fields.string("reason_code", required: true)
            if let reason, !Self.isWellFormed(reason) {
                fields.fail(
                    "reason_code",
                    "malformed",
                    "reason_code is 2 to 16 capital letters and digits, for example NSF."
                )
            }
            note = fields.string("note")
            try fields.finish()
            guard let reason else {
                preconditionFailure("a required member is absent without a fault")
            }
            reasonCode = reason
        }

        private static func isWellFormed(_ code: String) -> Bool {
            (2...16).contains(code.utf8.count)
                && code.utf8.allSatisfy {
                    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
                        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                }
        }
    }

    /// Reverses a payment in full (`batch.payments.reverse`).
    ///
    /// - Throws: 409 for a reversal, a deleted or an already reversed payment, and where its batch does
    ///   not allow it; `NotPermitted` outside the caller's posting level; `ruleBroken` for NSF of what is no
    ///   posted check.
    package func reverse(_ body: [UInt8], by caller: PaymentCaller) async throws -> KeyedReply {
        let environment = parts.environment
        let parts = parts
        let reply = try await parts.keyed(caller) {
            let request = try Request(body)
            if request.reasonCode == ReversalRuling.nsf { try await parts.requireChargeCode() }
            return request
        } change: { request, transaction in
            guard let payment = try PaymentRow.load(request.paymentID, in: transaction),
                let batch = try BatchRow.load(payment.batchID, in: transaction)
            else { throw RPCError.notFound }
            let reversing = Reversing(
                changing: BatchChanging(
                    caller: caller,
                    note: request.note ?? "",
                    now: environment.now(),
                    transaction: transaction
                ),
                today: Int64(environment.today().daysSince1970),
                reasonCode: request.reasonCode
            )
            let isNSF = request.reasonCode == ReversalRuling.nsf
            let ruling = try reversing.ruling(payment, batch)
            try reversing.requireRight(batch, ruling, subject: "payment/\(payment.id)")
            let made = try reversing.reverse(payment, batch, ruling)
            if isNSF { try reversing.charge(for: made.paymentID) }
            return KeyedReply(
                body: Self.reply(made, of: payment.id),
                undelivered: made.paymentID
            )
        }
        if let paymentID = reply.undelivered {
            _ = await environment.ledger.settled(
                paymentID,
                withinMilliseconds: PaymentIntake.ledgerWaitMilliseconds
            )
        }
        return reply
    }

    private static func reply(_ made: Reversing.Made, of paymentID: Int64) -> [UInt8] {
        JSONWriter.object { text in
            text.member("payment_id", made.paymentID)
            text.member("reverses_payment_id", paymentID)
            text.member("batch_id", made.batch.id)
            text.member("life_cycle_step", made.batch.machine.status.step)
            text.member("status", made.batch.machine.status.rawValue)
        }
    }
}

extension PaymentParts {
    /// Refuses an NSF reversal whose fee could not be booked: the setting names no usable code.
    fileprivate func requireChargeCode() async throws {
        let code = try await store.read { try Reversing.nsfCharge(in: $0)?.detailCode }
        guard let code, try await !environment.accounts.isChargeCode(code) else { return }
        throw RPCError.ruleBroken([NSFCode.unusable(code, field: "/reason_code")])
    }
}

/// The detail code of the NSF fee.
enum NSFCode {
    static func unusable(_ code: String, field: String) -> RPCError.Detail {
        RPCError.Detail(
            field: field,
            code: "unusable_detail_code",
            message: "The NSF fee cannot be booked under \(code): set nsf_detail_code to an active "
                + "detail code of type charge, or nsf_charge_amount to 0."
        )
    }
}
