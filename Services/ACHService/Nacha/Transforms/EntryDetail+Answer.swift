extension EntryDetail {
    /// The kind of the addenda by which the entry answers another one: a change or a return.
    ///
    /// Nil for forward entries (design 3.7, types 98 and 99).
    var answerKind: RecordKind? {
        for addenda in addenda {
            switch addenda.kind {
            case .changeAddenda, .refusedChangeAddenda, .returnAddenda, .dishonoredAddenda,
                .contestedAddenda:
                return addenda.kind
            default: continue
            }
        }
        return nil
    }

    /// The fifteen digits of the trace number as a number.
    var traceNumber: UInt64 { record.number(80, 94) }

    /// What ADV entries ascend by within their batch (design 3.7, record 6, ADV).
    var adviceSequence: UInt64 { record.number(91, 94) }
}
