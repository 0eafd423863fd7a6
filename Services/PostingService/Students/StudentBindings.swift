package import Bookkeeping
import Identity
import LedgerRules
import Logging
import NIOCore
package import NIOPosix
import Protocol
package import ServiceRuntime
import ServiceStore
import Storage
import Transport

/// Unscheduled payments, their reference data and the 90/10 report (seed 002), and what runs beside
/// them: the hand-over to batch-service and the audit events' way to auth-service.
package struct StudentBindings: Sendable {
    private let ledger: Ledger
    private let threads: NIOThreadPool
    private let commands: StudentCommands
    private let handover: PaymentHandover
    private let audit: AuditOutbox
    private let logger: Logger

    package init(ledger: Ledger, threads: NIOThreadPool, context: ServiceContext) {
        let batches = RPCBatchPayments(client: context.client(.batch))
        let handover = PaymentHandover(
            store: ledger.store,
            batches: batches,
            logger: context.logger,
            now: { Timestamps.now() }
        )
        self.ledger = ledger
        self.threads = threads
        self.handover = handover
        logger = context.logger
        audit = AuditOutbox(store: ledger.store, context: context, origin: "posting-service")
        commands = StudentCommands(
            ledger: ledger,
            batches: batches,
            handover: handover,
            staff: { [access = context.access] in access.staff(userID: $0)?.user },
            now: { Timestamps.now() },
            logger: context.logger
        )
    }

    package var all: [AuthorizedBinding] {
        [
            .ledger(LedgerPaymentMethods.postPayment, postPayment),
            .ledger(LedgerPaymentMethods.voidPayment, voidPayment),
            .ledger(LedgerPaymentMethods.settleReservations, settleReservations),
            .ledger(LedgerPaymentMethods.importReference, importReference),
            .ledger(LedgerPaymentMethods.report, report),
        ]
    }

    /// What they have not sent at a stop waits in the store.
    package var loops: [BackgroundLoop] { [handover.loop, audit.loop] }
}

// MARK: - Commands

extension StudentBindings {
    private func postPayment(_ call: AuthorizedCall) async throws -> OutgoingReply {
        try await answer(call) { try await commands.postPayment($0, $1) }
    }

    private func voidPayment(_ call: AuthorizedCall) async throws -> OutgoingReply {
        try await answer(call) { try await commands.voidPayment($0, $1) }
    }

    /// Carries a command out; what must not happen becomes its envelope's fault, and the log's.
    private func answer(
        _ call: AuthorizedCall,
        _ command: ([UInt8], CommandCaller) async throws -> KeyedReply
    ) async throws -> OutgoingReply {
        let body = try await call.call.body.collect()
        let caller = try caller(of: call, body)
        do {
            return try await command(Array(body.readableBytesView), caller).outgoing
        } catch let error where Self.isForeseen(error) {
            throw error
        } catch {
            logger.error(
                "a command failed",
                metadata: ["request_id": "\(caller.requestID)", "error": "\(error)"]
            )
            return KeyedReply.failed(requestID: caller.requestID).outgoing
        }
    }

    private static func isForeseen(_ error: any Error) -> Bool {
        switch error {
        case let error as RPCError: error.status != .internal
        case let error as StoreError: RPCError(error) != nil
        default: error is CancellationError
        }
    }

    private func caller(
        of call: AuthorizedCall,
        _ body: ByteBuffer
    ) throws(RPCError) -> CommandCaller {
        let principal = try call.requirePrincipal()
        return CommandCaller(
            account: principal.account,
            staff: principal.staff,
            role: principal.role,
            requestID: call.call.metadata.requestID,
            key: try RequestKey(
                call.call.metadata.idempotencyKey,
                of: principal.account,
                method: call.call.method.name,
                body: body,
                // As the digests that stand in older stores.
                separator: UInt8(ascii: "\n")
            ),
            event: { call.event(subject: $0, change: $1) },
            // The command answers with its own envelope.
            refuse: { _ = call.refuse(reason: $0) }
        )
    }

    private func settleReservations(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let list = try await call.call.decode(ReservationList.self)
        return try .json(try await ledger.settle(list))
    }
}

// MARK: - Reference data and the report

extension StudentBindings {
    private func importReference(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let request = try call.call.decodeParams(ReferenceImportRequest.self)
        guard let kind = ReferenceKind(rawValue: request.kind) else {
            throw RPCError.unknownValue("kind", ReferenceKind.allCases.map(\.rawValue))
        }
        let bytes = Array(try await call.call.body.collect().readableBytesView)
        let audit = ImportAudit(call.event(subject: kind.rawValue), file: bytes)
        guard let table = ReferenceTable(kind) else {
            return try .json(
                try await GLPeriodImport.apply(bytes, request.format, ledger, audit: audit)
            )
        }
        let file = try await threads.runIfActive {
            ReferenceFile.read(bytes, request.format, table)
        }
        return try .json(try await ledger.importReference(file, table, audit: audit))
    }

    private func report(_ call: AuthorizedCall) async throws -> OutgoingReply {
        let body = try await call.call.body.collect()
        let query = try body.withUnsafeReadableBytes { try ReportQuery($0) }
        guard let report = try await ledger.ninetyTen(campus: query.campus, year: query.year)
        else { throw RPCError.notFound }
        let bytes = try await threads.runIfActive { query.format.bytes(report) }
        return OutgoingReply(
            body: ByteBuffer(bytes: bytes),
            metadata: ["content_type": .string(query.format.contentType)]
        )
    }
}
