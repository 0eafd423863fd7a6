internal import CSimdjson
internal import Money

/// Writes the result object of seed 001 as compact JSON, whole or in pieces: fields in the order of
/// contract S1-19, S1-21 and S1-24, every text as the caller wrote it.
///
/// Valid as long as its set is.
package struct PostingSetResultWriter {
    private enum Stage {
        case head
        case failures(next: Int)
        case transactions(next: Int)
        case tail
        case done
    }

    /// Room for any transaction, failure or head without the messages of its result.
    private static let unitBytes = Int(BURSAR_SET_MAXIMUM_TRANSACTION_BYTES)

    private let set: PostingSetView
    private let result: PostingSetResult
    private var stage = Stage.head

    /// The least room that a piece must have: 8 KiB and what the longest message needs.
    package let minimumPieceBytes: Int

    /// - Throws: where a failure names a transaction that the set has not.
    package init(
        _ set: PostingSetView,
        _ result: PostingSetResult
    ) throws(PostingSetResultFault) {
        self.set = set
        self.result = result
        var longest = result.errorMessage?.utf8.count ?? 0
        for failure in result.failures {
            guard failure.index >= 0, failure.index < set.count else {
                throw .failureOutsideSet(index: failure.index, count: set.count)
            }
            longest = max(longest, failure.message.utf8.count)
        }
        minimumPieceBytes = Self.unitBytes + longest * JSONMemoryWriter.bytesPerEscapedByte
    }

    /// Fills a piece with as much as surely fits.
    ///
    /// - Parameter piece: at least `minimumPieceBytes`.
    /// - Returns: how many bytes were written; 0 once all is.
    package mutating func write(into piece: UnsafeMutableRawBufferPointer) -> Int {
        precondition(piece.count >= minimumPieceBytes, "a piece too small for one transaction")
        var out = JSONMemoryWriter(piece)
        while out.room >= minimumPieceBytes, advance(&out) {}
        return out.used
    }

    /// Appends all that is left.
    package mutating func append(to bytes: inout [UInt8]) {
        let size = max(minimumPieceBytes, 256 << 10)
        var written = 0
        repeat {
            let piece = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                count = write(into: UnsafeMutableRawBufferPointer(buffer))
            }
            bytes.append(contentsOf: piece)
            written = piece.count
        } while written > 0
    }

    /// Writes the next unit; false where nothing is left.
    private mutating func advance(_ out: inout JSONMemoryWriter) -> Bool {
        switch stage {
        case .head:
            writeHead(&out)
            stage = .failures(next: 0)
        case .failures(let next) where next < result.failures.count:
            if next > 0 { out.put(",") }
            writeFailure(result.failures[next], &out)
            stage = .failures(next: next + 1)
        case .failures:
            out.put("],\"transactions\":[")
            stage = .transactions(next: 0)
        case .transactions(let next) where next < set.count:
            stage = .transactions(next: out.putTransactions(of: set, from: next))
        case .transactions:
            out.put("]")
            stage = .tail
        case .tail:
            if let message = result.errorMessage {
                out.put(",\"error_message\":")
                out.put(string: message)
            }
            out.put("}")
            stage = .done
        case .done:
            return false
        }
        return true
    }

    private func writeHead(_ out: inout JSONMemoryWriter) {
        let header = set.header
        out.put("{\"source_batch_id\":")
        out.put(string: header.sourceBatchID)
        out.put(",\"batch_id\":\"")
        out.put(result.batchID)
        out.put("\",\"status\":")
        out.put(string: result.status)
        out.put(",\"billing_type\":")
        out.put(string: header.billingType)
        out.put(",\"posting_type\":")
        out.put(string: header.postingType.rawValue)
        out.put(",\"source_name\":")
        out.put(string: header.sourceName)
        out.put(",\"batch_name\":")
        out.put(string: header.batchName)
        out.put(",\"accounting_date\":")
        out.put(string: header.accountingDate)
        out.put(",\"record_count\":")
        out.put(header.recordCount)
        out.put(",\"total_amount\":")
        out.put(header.totalAmount)
        out.put(",\"transactions_loaded\":")
        out.put(Int64(result.transactionsLoaded))
        out.put(",\"failures\":[")
    }

    /// Contract S1-21, S1-31: the id of the source stands as `reference_number`, no date.
    private func writeFailure(_ failure: PostingSetResult.Failure, _ out: inout JSONMemoryWriter) {
        out.put("{\"account_id\":")
        out.put(string: set.accountIDs[failure.index])
        out.put(",\"detail_code\":")
        out.put(string: set.detailCodes[failure.index])
        out.put(",\"description\":")
        out.put(string: set.descriptions[failure.index])
        out.put(",\"reference_number\":")
        out.put(string: set.sourceTransactionIDs[failure.index])
        out.put(",\"amount\":")
        out.put(Amount(minorUnits: set.amounts[failure.index]))
        out.put(",\"error_message\":")
        out.put(string: failure.message)
        out.put("}")
    }
}
