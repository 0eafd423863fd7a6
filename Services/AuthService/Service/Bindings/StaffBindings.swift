internal import Crypto
internal import Identity
internal import Importing
internal import NIOCore
internal import Protocol
internal import ServiceRuntime
internal import Storage
internal import Transport

extension AuthBindings {
    var staffBindings: [AuthorizedBinding] {
        [
            AuthorizedBinding(AuthMethods.importRoles) { call in
                try await importFile(call, subject: "roles", RoleFile.apply)
            },
            AuthorizedBinding(AuthMethods.importUsers) { call in
                try await importFile(call, subject: "users", UserFile.apply)
            },
            AuthorizedBinding(AuthMethods.listRoles) { _ in try .json(state.directory.roles) },
            AuthorizedBinding(AuthMethods.listUsers) { _ in try .json(state.directory.staff) },
        ]
    }

    /// Applies a file in one transaction, in which it is also judged: nothing that it depends on can
    /// change in between.
    private func importFile<Row: Encodable & Sendable>(
        _ call: AuthorizedCall,
        subject: String,
        _ apply:
            @escaping @Sendable ([UInt8], ImportFormat, WriteTransaction) throws ->
            ImportChanges<Row>
    ) async throws -> OutgoingReply {
        let format = try call.call.decodeParams(StaffImportRequest.self).format
        let file = Array(try await call.call.body.collect().readableBytesView)
        let sha256 = Hexadecimal.encode(SHA256.digest(file))
        let result = try await change(call, subject: subject) { transaction in
            let applied = try apply(file, format, transaction)
            return (applied.result, changed: try applied.text(fileSHA256: sha256))
        }
        // A payment that comes after the answer is judged by the role that the file gives.
        if result.created + result.changed > 0 { try await waitUntilKnownEverywhere() }
        return try .json(result)
    }
}
