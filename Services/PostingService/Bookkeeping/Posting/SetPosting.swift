import Identity
import PostingSets
import Protocol
import Storage

/// One set on the writer: is it new, what does it come to, write it.
struct SetPosting {
    let parameters: PostSetParameters
    let digest: [UInt8]
    let progress: SetProgress?
    let sourceIsKnown: @Sendable (String) -> Bool

    /// The first result of this set id, or nil where it is new.
    ///
    /// - Throws: `key_reused` where the id was posted with another body.
    static func heldResult(
        _ setID: Int64,
        _ digest: [UInt8],
        in transaction: ReadTransaction
    ) throws -> [UInt8]? {
        let statement = try transaction.statement(
            "SELECT digest, result FROM posting WHERE set_id = ?1"
        )
        defer { statement.reset() }
        statement.bind(1, setID)
        guard try statement.step() else { return nil }
        guard statement.blob(0).elementsEqual(digest) else {
            throw RPCError(
                .failedPrecondition,
                reason: "key_reused",
                message: "Set \(setID) was posted with another body."
            )
        }
        return Array(statement.blob(1))
    }

    func post(
        _ outcome: ReadOutcome,
        _ books: Books,
        in transaction: WriteTransaction
    ) throws -> [UInt8] {
        switch outcome {
        case .faults(let faults):
            throw RPCError.invalid(
                faults.map { .init(field: $0.pointer, code: $0.code, message: $0.message) }
            )
        case .set(let set):
            return try post(set, books, in: transaction)
        }
    }

    private func post(
        _ set: PostingSetView,
        _ books: Books,
        in transaction: WriteTransaction
    ) throws -> [UInt8] {
        progress?.total(set.count)
        let name = set.header.sourceName
        let source = books.sources[name] ?? Int64(books.sources.count + 1)
        try books.planner.plan(
            set,
            source: source,
            sourceIsKnown: sourceIsKnown(name),
            policy: parameters.commitPolicy,
            books: books,
            in: transaction
        )
        let writer = SetWriter(
            books: books,
            plan: books.planner,
            set: set,
            parameters: parameters,
            digest: digest,
            source: source,
            progress: progress
        )
        let result = try writer.write(in: transaction)
        progress?.done(set.count)
        return result
    }
}

/// The digest of a set: SHA-256, 64 hexadecimal digits in lower case.
enum SetDigest {
    static func bytes(_ text: String) throws(RPCError) -> [UInt8] {
        let digits = text.utf8.compactMap { digit -> UInt8? in
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
            default: nil
            }
        }
        guard digits.count == 64, text.utf8.count == 64 else {
            throw .invalid([
                .init(
                    field: "/digest",
                    code: "malformed",
                    message: "A digest is 64 hexadecimal digits in lower case."
                )
            ])
        }
        return stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
