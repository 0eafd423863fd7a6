/// Gives entries and their addenda new trace numbers, or leaves them theirs.
struct Renumbering {
    private let first: UInt32?
    private var sequences: [String: TraceSequence] = [:]

    /// A numbering for the entries of one file.
    init(_ traces: Reversal.Traces) {
        first =
            switch traces {
            case .kept: nil
            case .numbered(let first): first
            }
    }

    /// Writes the next trace number of the batch's ODFI into an entry and its addenda.
    ///
    /// Refuses to go past 9,999,999 (design 3.8).
    mutating func renumber(
        _ entry: inout EntryDetail,
        of batch: NachaBatch
    ) throws(TransformFault) {
        guard let first else { return }
        guard let odfi = RoutingNumber(identificationText: batch.odfi) else {
            throw .building(.routingNumberInvalid(field: "odfi", value: batch.odfi))
        }
        var sequence =
            sequences[batch.odfi] ?? TraceSequence(odfi: odfi, startingAt: first)
        do {
            entry.write(try sequence.next())
        } catch { throw .building(error) }
        sequences[batch.odfi] = sequence
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
