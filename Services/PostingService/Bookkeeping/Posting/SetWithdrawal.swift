import JSON
import Storage

/// A set that will never be posted.
///
/// It gets the result that it lacks: nothing loaded. Whoever comes later with its number, a call that
/// was held up on its way included, is given that result like any other first one.
extension Ledger {
    /// Refuses a set for ever, unless it is posted already.
    ///
    /// Asking again gives the same end: the result that the set has by then.
    ///
    /// - Parameters:
    ///   - setID: the set's number.
    ///   - digest: its digest in hexadecimal, as for posting.
    /// - Returns: nil where the set is refused from now on, else the JSON of its result.
    /// - Throws: `RPCError` where the number stands for another digest.
    package func withdraw(_ setID: Int64, digest: String) async throws -> [UInt8]? {
        let digest = try SetDigest.bytes(digest)
        return try await write { transaction, books in
            if let held = try SetPosting.heldResult(setID, digest, in: transaction) { return held }
            _ = try transaction.execute(
                """
                INSERT INTO posting (set_id, digest, first_entry, entries, journal_id, result)
                VALUES (?1, ?2, ?3, 0, NULL, ?4)
                """,
                [
                    .integer(setID), .blob(digest), .integer(books.nextEntry),
                    .blob(Self.withdrawnResult),
                ]
            )
            return nil
        }
    }

    private static let withdrawnResult = JSONWriter.object { json in
        json.member("transactions_loaded", 0)
        json.array("failures") { _ in }
        json.member("error_message", "The set was withdrawn: nothing of it was posted.")
    }
}
