internal import NIOCore
package import Protocol
package import ServiceRuntime
package import Transport

/// What batch-service asks of posting-service for payments.
///
/// Every call may be made again: an operation is booked once, a run has one journal.
package protocol LedgerClient: Sendable {
    /// Books operations, all or none; the entries are in their order.
    func apply(_ operations: [PaymentOperation]) async throws -> [Int64]
    /// One answer for each account, in their order.
    func check(_ accountIDs: [String]) async throws -> [AccountCheck]
    func post(_ journal: PostJournal) async throws -> PostedJournal
    /// Whether charges may be booked under a detail code.
    func isChargeCode(_ code: String) async throws -> Bool
    /// Those of the reservations whose payment is booked.
    func booked(_ reservationIDs: [String]) async throws -> [String]
}

/// posting-service over RPC, in this service's own name.
package struct RPCLedgerClient: LedgerClient {
    private static let applyTimeout = TimeAmount.seconds(30)
    private static let shortTimeout = TimeAmount.seconds(5)
    /// A journal over a thousand large batches takes seconds; the wait covers a busy writer.
    private static let journalTimeout = TimeAmount.seconds(120)

    private let client: RPCClient
    private let token: ServiceToken

    package init(client: RPCClient, token: ServiceToken) {
        self.client = client
        self.token = token
    }

    package func apply(_ operations: [PaymentOperation]) async throws -> [Int64] {
        let body = ByteBuffer(bytes: ApplyPayments(operations: operations).encoded())
        let reply = try await call(LedgerPaymentMethods.applyPayments, body, Self.applyTimeout)
        return try reply.body.withUnsafeReadableBytes { try AppliedPayments.read($0) }.entryIDs
    }

    package func check(_ accountIDs: [String]) async throws -> [AccountCheck] {
        let body = ByteBuffer(bytes: CheckAccounts(accountIDs: accountIDs).encoded())
        let reply = try await call(LedgerPaymentMethods.checkAccounts, body, Self.shortTimeout)
        return try reply.body.withUnsafeReadableBytes { try AccountCheck.read($0) }
    }

    package func post(_ journal: PostJournal) async throws -> PostedJournal {
        let body = ByteBuffer(bytes: try StrictJSON.encode(journal))
        return try await call(LedgerPaymentMethods.postJournal, body, Self.journalTimeout)
            .decode(PostedJournal.self)
    }

    package func isChargeCode(_ code: String) async throws -> Bool {
        let body = ByteBuffer(bytes: try StrictJSON.encode(CheckChargeCode(detailCode: code)))
        return try await call(LedgerPaymentMethods.checkChargeCode, body, Self.shortTimeout)
            .decode(ChargeCodeCheck.self).usable
    }

    package func booked(_ reservationIDs: [String]) async throws -> [String] {
        let list = ReservationList(reservationIDs: reservationIDs)
        let body = ByteBuffer(bytes: try StrictJSON.encode(list))
        return try await call(LedgerPaymentMethods.settleReservations, body, Self.shortTimeout)
            .decode(SettledReservations.self).booked
    }

    /// Calls with this service's token; one that is refused is not used again.
    private func call(
        _ method: MethodDescriptor,
        _ body: ByteBuffer,
        _ timeout: TimeAmount
    ) async throws -> IncomingReply {
        let token = try await token.token()
        do {
            return try await client.call(
                method,
                body: body,
                options: CallOptions(token: token, timeout: timeout)
            )
        } catch let error as RPCError {
            if error.status == .unauthenticated { await self.token.invalidate(token) }
            throw error
        }
    }
}
