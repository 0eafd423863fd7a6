internal import Identity
internal import ServiceStore
internal import NIOCore
internal import Protocol
package import ServiceRuntime
internal import Transport

/// The methods of payments and their batches, each a few lines between the wire and the parts.
package struct PaymentBindings: Sendable {
    private let parts: PaymentParts
    private let reading: BatchReading

    package init(parts: PaymentParts) {
        self.parts = parts
        reading = BatchReading(parts)
    }

    package var all: [AuthorizedBinding] { payments + batches + parameters + fromPosting }

    private var payments: [AuthorizedBinding] {
        let reading = reading
        return [
            changing(PaymentMethods.addPayment, PaymentIntake(parts).add),
            changing(PaymentMethods.deletePayments, PaymentDeletion(parts).delete),
            changing(PaymentMethods.reversePayment, PaymentReversal(parts).reverse),
            AuthorizedBinding(PaymentMethods.getPayment) { call in
                OutgoingReply(
                    body: ByteBuffer(
                        bytes: try await reading.payment(try await Self.body(of: call))
                    )
                )
            },
            AuthorizedBinding(PaymentMethods.listPayments) { call in
                let account = try call.requirePrincipal().account
                return try await reading.payments(try await Self.body(of: call), for: account)
                    .outgoing
            },
        ]
    }

    private var batches: [AuthorizedBinding] {
        let transitions = BatchTransitions(parts)
        let approval = BatchApproval(parts)
        let reading = reading
        return [
            changing(PaymentMethods.closeBatch, BatchClosing(parts).close),
            changing(PaymentMethods.releaseBatch, transitions.release),
            changing(PaymentMethods.returnBatch, transitions.return),
            changing(PaymentMethods.resumeBatch, transitions.resume),
            changing(PaymentMethods.deleteBatch, transitions.delete),
            changing(PaymentMethods.approveBatch, approval.approve),
            changing(PaymentMethods.rejectBatch, approval.reject),
            AuthorizedBinding(PaymentMethods.listBatches) { call in
                let account = try call.requirePrincipal().account
                return try await reading.batches(try await Self.body(of: call), for: account)
                    .outgoing
            },
            AuthorizedBinding(PaymentMethods.getBatch) { call in
                OutgoingReply(
                    body: ByteBuffer(bytes: try await reading.batch(try await Self.body(of: call)))
                )
            },
            AuthorizedBinding(PaymentMethods.batchHistory) { call in
                OutgoingReply(
                    body: ByteBuffer(
                        bytes: try await reading.history(try await Self.body(of: call))
                    )
                )
            },
        ]
    }

    private var parameters: [AuthorizedBinding] {
        let workflow = WorkflowParameters(parts)
        return [
            AuthorizedBinding(PaymentMethods.getWorkflow) { _ in
                OutgoingReply(body: ByteBuffer(bytes: try await workflow.get()))
            },
            changing(PaymentMethods.putWorkflow, workflow.put),
        ]
    }

    private var fromPosting: [AuthorizedBinding] {
        let receipt = PaymentReceipt(parts)
        let voiding = PaymentVoiding(parts)
        return [
            AuthorizedBinding(PaymentMethods.receivePayments) { call in
                let request = try await call.call.decode(ReceivePayments.self)
                let event = call.event(subject: "")
                return try OutgoingReply.json(try await receipt.receive(request, event: event))
            },
            AuthorizedBinding(PaymentMethods.voidPayment) { call in
                let request = try await call.call.decode(VoidPayment.self)
                let event = call.event(subject: "")
                return try OutgoingReply.json(try await voiding.void(request, event: event))
            },
        ]
    }

    private typealias Change = @Sendable ([UInt8], PaymentCaller) async throws -> KeyedReply

    /// A method that changes something for a caller with a token, once by its idempotency key.
    private func changing(
        _ method: MethodDescriptor,
        _ change: @escaping Change
    ) -> AuthorizedBinding {
        AuthorizedBinding(method) { call in
            let body = try await call.call.body.collect()
            let caller = try PaymentCaller(call, body: body)
            return try await call.answering {
                try await change(Array(body.readableBytesView), caller).outgoing
            }
        }
    }

    private static func body(of call: AuthorizedCall) async throws -> [UInt8] {
        Array(try await call.call.body.collect().readableBytesView)
    }
}
