/// Trace numbers of entries: whose they are, and that they ascend (design 3.1; 3.7, record 6).
extension FileReader {
    @inline(__always)
    mutating func checkTrace(_ record: RecordView) {
        guard entry.faults.isDisjoint(with: .trace) else { return }
        if batch.policy.form == .advice { return checkAdviceSequence(record) }
        // A number of another bank has no place in the order.
        if record.word(80) != batch.odfi, batch.isODFIKnown { return holdODFIFault(record) }
        let trace = record.number(80, 94)
        entry.previousTrace = batch.lastTrace
        if trace <= batch.lastTrace {
            refuseTraceOrder(record, trace)
        } else if !traces.insert(trace) {
            refuse(
                .entryTraceRepeated,
                80,
                94,
                record,
                "Trace number \(record.text(80, 94)) stands in an earlier batch too."
            )
        }
        batch.lastTrace = trace
    }

    private mutating func holdODFIFault(_ record: RecordView) {
        entry.faults.insert(.trace)
        batch.odfiFaults.add(
            Fault(
                rule: .entryTraceODFI,
                line: line,
                from: 80,
                to: 87,
                record: Record(record),
                kind: batch.policy.kind,
                message:
                    "The trace number begins with \(record.text(80, 87)), not with the ODFI of "
                    + "the batch, \(batch.header?.text(80, 87) ?? "")."
            )
        )
    }

    private mutating func refuseTraceOrder(_ record: RecordView, _ trace: UInt64) {
        entry.faults.insert(.trace)
        if entry.isRepeated {
            doubt(.all, .entryTraceOrder)
            doubtBlocks(.entryTraceOrder)
        }
        refuse(
            .entryTraceOrder,
            80,
            94,
            record,
            trace == batch.lastTrace
                ? "Trace number \(record.text(80, 94)) stands before too."
                : "Trace number \(record.text(80, 94)) is below the one before."
        )
    }

    /// ADV entries have a sequence of four digits within their day.
    private mutating func checkAdviceSequence(_ record: RecordView) {
        for (from, to) in [(40, 48), (80, 87)] where record.saysNothing(from, to) {
            refuse(.entryAdviceFields, from, to, record, "The routing number is zeros.")
        }
        let day = record.number(88, 90)
        if record.isDigits(88, 90), !(1...366).contains(day) {
            refuse(.entryAdviceFields, 88, 90, record, "\(day) is no day of the year.")
        }
        let sequence = record.number(91, 94)
        if sequence <= batch.lastTrace, batch.entries > 1 {
            refuse(
                .entryTraceOrder,
                91,
                94,
                record,
                "Sequence number \(sequence) follows \(batch.lastTrace)."
            )
        }
        batch.lastTrace = sequence
    }
}
