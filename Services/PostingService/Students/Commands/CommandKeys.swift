import Crypto
import Protocol
import Storage

/// What was answered to a command under an idempotency key, kept with what the command did.
struct CommandKeys: Sendable {
    private let account: String
    private let key: String
    private let digest: [UInt8]

    /// Nil where the caller named no key: then each call counts (contract A2-15).
    init?(_ caller: CommandCaller, _ method: MethodDescriptor, _ body: [UInt8]) {
        guard let key = caller.idempotencyKey, !key.isEmpty else { return nil }
        account = caller.account
        self.key = key
        digest = SHA256.digest(Array("\(method.name)\n".utf8) + body)
    }

    /// The first answer under the key; nil where there is none yet.
    ///
    /// - Throws: `idempotency_key_reused` where the key was used with another request.
    func held(in transaction: ReadTransaction) throws -> CommandReply? {
        let row = try transaction.first(
            """
            SELECT digest, http_status, reply FROM command_key
            WHERE account = ?1 AND idempotency_key = ?2
            """,
            [.text(account), .text(key)]
        ) { (digest: Array($0.blob(0)), status: $0.int64(1), reply: Array($0.blob(2))) }
        guard let row else { return nil }
        guard row.digest == digest else {
            throw RPCError(
                .failedPrecondition,
                reason: "idempotency_key_reused",
                message: "The Idempotency-Key was used with another request: use a new one."
            )
        }
        return CommandReply(httpStatus: row.status, body: row.reply, isReplayed: true)
    }

    /// Tells this account's request under this key from every other.
    var name: String {
        Hexadecimal.encode(SHA256.digest(Array("\(account)\n\(key)\n".utf8) + digest))
    }

    /// Stores the answer.
    func store(
        _ reply: CommandReply,
        at milliseconds: Int64,
        in transaction: WriteTransaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO command_key(account, idempotency_key, digest, http_status, reply, at)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6)
            """,
            [
                .text(account), .text(key), .blob(digest), .integer(reply.httpStatus),
                .blob(reply.body), .integer(milliseconds),
            ]
        )
    }
}
