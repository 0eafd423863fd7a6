package import Protocol
package import ServiceRuntime
import ServiceStore
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
                throw RPCError(error) ?? error
            }
        }
    }
}
