package import Protocol
package import ServiceRuntime
import Storage
package import Transport

extension AuthorizedBinding {
    /// A method over the ledger, whose caller is told of a store that did not do its work.
    package static func ledger(
        _ method: MethodDescriptor,
        _ handle: @escaping @Sendable (AuthorizedCall) async throws -> OutgoingReply
    ) -> AuthorizedBinding {
        AuthorizedBinding(method) { call in
            do {
                return try await handle(call)
            } catch let error as StoreError {
                throw reply(to: error)
            }
        }
    }

    /// Nothing of the call was kept.
    private static func reply(to error: StoreError) -> any Error {
        switch error {
        case .full: RPCError.unavailable("The ledger's disk is full.")
        case .overloaded: RPCError.unavailable("Too many sets wait for the ledger.")
        case .closed: RPCError.unavailable("The ledger is closing.")
        default: error
        }
    }
}
