internal import Protocol
internal import ServiceRuntime

/// What an audit event says of a change: the state before and after, null where there was none.
struct Change<Value: Encodable>: Encodable {
    let before: Value?
    let after: Value?

    private enum CodingKeys: String, CodingKey {
        case before, after
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(before, forKey: .before)
        try container.encode(after, forKey: .after)
    }

    func text() throws -> String {
        String(decoding: try StrictJSON.encode(self), as: UTF8.self)
    }
}

extension KeyDescription {
    init(_ key: Directory.Key, lastUsedAt: Int64?) {
        self.init(
            keyID: key.keyID,
            account: key.account,
            note: key.note,
            createdAt: Timestamps.format(milliseconds: key.createdAt),
            expiresAt: key.expiresAt.map { Timestamps.format(milliseconds: $0) },
            revokedAt: key.revokedAt.map { Timestamps.format(milliseconds: $0) },
            lastUsedAt: lastUsedAt.map { Timestamps.format(milliseconds: $0) }
        )
    }
}
