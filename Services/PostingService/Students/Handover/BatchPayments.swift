import NIOCore
import Protocol
import Transport

/// What posting-service asks of batch-service for unscheduled payments.
protocol BatchPayments: Sendable {
    func reserve(_ request: ReserveDrawer) async throws -> DrawerReservation
    func release(_ reservations: ReservationList) async throws
    func receive(_ payments: [TransactionPayment]) async throws -> [ReceivedPayments.Place]
    func void(_ request: VoidPayment) async throws -> VoidedPayment
}

/// batch-service over RPC; this service's certificate opens the methods.
struct RPCBatchPayments: BatchPayments {
    private static let shortTimeout = TimeAmount.seconds(5)
    private static let timeout = TimeAmount.seconds(20)

    let client: RPCClient

    func reserve(_ request: ReserveDrawer) async throws -> DrawerReservation {
        try await call(PaymentMethods.reserveDrawer, request, Self.shortTimeout)
            .decode(DrawerReservation.self)
    }

    func release(_ reservations: ReservationList) async throws {
        _ = try await call(PaymentMethods.releaseReservations, reservations, Self.shortTimeout)
    }

    func receive(_ payments: [TransactionPayment]) async throws -> [ReceivedPayments.Place] {
        let request = ReceivePayments(payments: payments)
        let reply = try await call(PaymentMethods.receivePayments, request, Self.timeout)
        let places = try reply.decode(ReceivedPayments.self).places
        guard places.count == payments.count else { throw RPCError.internal }
        return places
    }

    func void(_ request: VoidPayment) async throws -> VoidedPayment {
        try await call(PaymentMethods.voidPayment, request, Self.timeout)
            .decode(VoidedPayment.self)
    }

    private func call(
        _ method: MethodDescriptor,
        _ body: some Encodable,
        _ timeout: TimeAmount
    ) async throws -> IncomingReply {
        try await client.call(
            method,
            body: ByteBuffer(bytes: try StrictJSON.encode(body)),
            options: CallOptions(timeout: timeout)
        )
    }
}
