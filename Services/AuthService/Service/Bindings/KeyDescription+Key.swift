internal import Protocol
internal import ServiceRuntime

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
