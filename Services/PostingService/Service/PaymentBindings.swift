import Bookkeeping
import NIOCore
import Protocol
import ServiceRuntime
import Transport

/// The ledger's side of payments: what batch-service has booked and fed, and the settings.
struct PaymentBindings: Sendable {
    let ledger: Ledger

    var all: [AuthorizedBinding] {
        [
            .ledger(LedgerPaymentMethods.checkAccounts, checkAccounts),
            .ledger(LedgerPaymentMethods.checkChargeCode, checkChargeCode),
            .ledger(LedgerPaymentMethods.applyPayments, applyPayments),
            .ledger(LedgerPaymentMethods.postJournal, postJournal),
            .ledger(LedgerPaymentMethods.getSettings, getSettings),
            .ledger(LedgerPaymentMethods.putSetting, putSetting),
        ]
    }

    private func checkAccounts(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let body = try await call.call.body.collect()
        let request = try body.withUnsafeReadableBytes { try CheckAccounts.read($0) }
        let checks = try await ledger.checkAccounts(request.accountIDs)
        return OutgoingReply(body: ByteBuffer(bytes: AccountCheck.encoded(checks)))
    }

    private func checkChargeCode(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let code = try await call.call.decode(CheckChargeCode.self).detailCode
        return try .json(ChargeCodeCheck(usable: try await ledger.isChargeCode(code)))
    }

    private func applyPayments(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let body = try await call.call.body.collect()
        let request = try body.withUnsafeReadableBytes { try ApplyPayments.read($0) }
        let applied = try await ledger.apply(request.operations)
        return OutgoingReply(body: ByteBuffer(bytes: applied.encoded()))
    }

    private func postJournal(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let request = try await call.call.decode(PostJournal.self)
        let result = try await ledger.postJournal(request)
        return OutgoingReply(body: ByteBuffer(bytes: result))
    }
}

// MARK: Settings

extension PaymentBindings {
    private func getSettings(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let views = try await ledger.settings().map {
            SettingDescription(
                name: $0.setting.rawValue,
                value: $0.value,
                description: $0.setting.description
            )
        }
        return try .json(views)
    }

    private func putSetting(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let body = try await call.call.body.collect()
        let change = try body.withUnsafeReadableBytes { try SettingChange($0) }
        let event = call.event(subject: "setting \(change.setting.rawValue)")
        try await ledger.put(change, audit: event)
        return try .json(SettingDescription(name: change.setting.rawValue, value: change.value))
    }
}
