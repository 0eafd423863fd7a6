internal import Crypto
package import Importing
package import Protocol
package import Storage

/// Who imports which file: the audit event of an import, but for its changes.
package struct ImportAudit: Sendable {
    private let event: AuditEvent
    private let fileSHA256: String

    package init(_ event: AuditEvent, file: [UInt8]) {
        self.event = event
        fileSHA256 = Hexadecimal.encode(SHA256.digest(file))
    }

    /// Adds the event to the transaction of the changes; an import that changed nothing has none.
    package func add<Row>(
        _ changes: ImportChanges<Row>,
        at milliseconds: Int64,
        in transaction: WriteTransaction
    ) throws {
        var event = event
        guard let change = try changes.text(fileSHA256: fileSHA256) else { return }
        event.change = change
        try AuditOutbox.add(event, at: milliseconds, in: transaction)
    }
}
