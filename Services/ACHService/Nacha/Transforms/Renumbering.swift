/// Which trace numbers the entries of new files bear.
package enum TraceNumbering: Hashable, Sendable {
    /// Those that they had.
    case kept
    /// New ones from this sequence number on, per ODFI, in the order of the files. ADV entries are
    /// numbered from 1 within their batch, as their rules have it (design 3.7, record 6).
    case numbered(from: UInt32)
}

/// Gives entries and their addenda new trace numbers, or leaves them theirs.
struct Renumbering {
    private let first: UInt32?
    private var sequences: [String: TraceSequence] = [:]

    /// A numbering for the entries of one file, or of several that must not share a number.
    init(_ traces: TraceNumbering) {
        first =
            switch traces {
            case .kept: nil
            case .numbered(let first): first
            }
    }

    /// Writes the next trace numbers of the batch's ODFI into its entries and their addenda.
    ///
    /// Refuses to go past 9,999,999 (design 3.8), in a batch of ADV past 9,999.
    mutating func renumber(_ batch: inout NachaBatch) throws(TransformFault) {
        guard let first else { return }
        if batch.entryClass == .adv { return try Self.renumberAdvices(&batch) }
        let odfi = batch.odfi
        guard let bank = RoutingNumber(identificationText: odfi) else {
            throw .building(.routingNumberInvalid(field: "odfi", value: odfi))
        }
        var sequence = sequences[odfi] ?? TraceSequence(odfi: bank, startingAt: first)
        do {
            for index in batch.entries.indices { batch.entries[index].write(try sequence.next()) }
        } catch { throw .building(error) }
        sequences[odfi] = sequence
    }

    private static func renumberAdvices(_ batch: inout NachaBatch) throws(TransformFault) {
        guard batch.entries.count <= FileLimits.adviceSequence else {
            throw .building(.traceNumbersExhausted(limit: FileLimits.adviceSequence))
        }
        for index in batch.entries.indices {
            batch.entries[index].record.write(UInt64(index) + 1, 91, 94)
        }
    }
}

extension EntryDetail {
    /// Writes a trace number into the entry and, where they name it, into its addenda.
    mutating func write(_ trace: TraceNumber) {
        record.write(trace.number, 80, 94)
        for index in addenda.indices {
            switch addenda[index].kind {
            case .terminalAddenda, .changeAddenda, .refusedChangeAddenda, .returnAddenda,
                .dishonoredAddenda, .contestedAddenda:
                addenda[index].record.write(trace.number, 80, 94)
            default: addenda[index].record.write(trace.sequence, 88, 94)
            }
        }
    }
}
