internal import JSON
internal import NIOCore
internal import Protocol

/// Reads a `PostSetResult` without a tree: one comes back for every set.
enum PostSetResultReader {
    /// The result in a reply's body.
    ///
    /// - Throws: `RPCError` with `malformed_reply`; the set may be posted all the same.
    static func read(_ body: ByteBuffer) throws -> PostSetResult {
        do {
            return try body.withUnsafeReadableBytes { bytes in
                var scanner = JSONScanner(bytes)
                let result = try result(&scanner)
                guard scanner.isAtEnd(), isWhole(result) else { throw malformed("incomplete") }
                return result
            }
        } catch let fault as JSONScanner.Fault {
            throw malformed("\(fault.reason.rawValue) at byte \(fault.offset)")
        }
    }

    private static func malformed(_ what: String) -> RPCError {
        RPCError(
            .internal,
            reason: "malformed_reply",
            message: "The result from posting-service cannot be read: \(what).",
            processed: .maybe,
            origin: .client
        )
    }

    private static func isWhole(_ result: PostSetResult) -> Bool {
        result.transactionsLoaded >= 0 && result.failures.allSatisfy { $0.index >= 0 }
    }

    private static func result(
        _ scanner: inout JSONScanner
    ) throws(JSONScanner.Fault) -> PostSetResult {
        var result = PostSetResult(transactionsLoaded: -1, failures: [])
        try scanner.object { (key, scanner) throws(JSONScanner.Fault) in
            switch key {
            case "transactions_loaded": result.transactionsLoaded = Int(try scanner.integer())
            case "failures": result.failures = try failures(&scanner)
            case "error_message": result.errorMessage = try scanner.string()
            case "journal_id": result.journalID = try scanner.integer()
            default: _ = try scanner.skipValue(depth: 1)
            }
        }
        return result
    }

    private static func failures(
        _ scanner: inout JSONScanner
    ) throws(JSONScanner.Fault) -> [PostingFailure] {
        var failures: [PostingFailure] = []
        try scanner.expect(UInt8(ascii: "["))
        guard scanner.peek() != UInt8(ascii: "]") else {
            try scanner.expect(UInt8(ascii: "]"))
            return failures
        }
        failures.append(try failure(&scanner))
        while scanner.peek() == UInt8(ascii: ",") {
            try scanner.expect(UInt8(ascii: ","))
            failures.append(try failure(&scanner))
        }
        try scanner.expect(UInt8(ascii: "]"))
        return failures
    }

    private static func failure(
        _ scanner: inout JSONScanner
    ) throws(JSONScanner.Fault) -> PostingFailure {
        var failure = PostingFailure(index: -1, message: "")
        try scanner.object { (key, scanner) throws(JSONScanner.Fault) in
            switch key {
            case "index": failure.index = Int(try scanner.integer())
            case "message": failure.message = try scanner.string()
            default: _ = try scanner.skipValue(depth: 2)
            }
        }
        return failure
    }
}
