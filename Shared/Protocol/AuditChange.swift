/// What an audit event says of a change: the state before and after, null where there was none.
package struct AuditChange<Value: Encodable>: Encodable {
    package let before: Value?
    package let after: Value?

    package init(before: Value?, after: Value?) {
        self.before = before
        self.after = after
    }

    private enum CodingKeys: String, CodingKey {
        case before, after
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(before, forKey: .before)
        try container.encode(after, forKey: .after)
    }

    /// The JSON text for `AuditEvent.change`.
    package func text() throws -> String {
        String(decoding: try StrictJSON.encode(self), as: UTF8.self)
    }
}

extension AuditChange: Sendable where Value: Sendable {}
