internal import Dates
internal import Money
internal import BatchRules
internal import PostingSets
internal import Protocol

/// What reading a body found: a set's summary, or every fault of its shape.
enum SetInspection: Sendable, Equatable {
    case set(SetSummary)
    case faults([RPCError.Detail])

    init(_ outcome: ReadOutcome) {
        switch outcome {
        case .set(let view):
            self = .set(SetSummary(view))
        case .faults(let faults):
            self = .faults(
                faults.map {
                    RPCError.Detail(field: $0.pointer, code: $0.code, message: $0.message)
                }
            )
        }
    }
}

extension SetSummary {
    init(_ view: PostingSetView) {
        let header = view.header
        self.init(
            sourceName: header.sourceName,
            sourceBatchID: header.sourceBatchID,
            batchName: header.batchName,
            billingType: header.billingType,
            postingType: header.postingType.rawValue,
            accountingDay: CalendarDay(daysSince1970: Int(header.accountingDay)),
            accountingInstant: WrittenDate(header.accountingDate)?.instant,
            recordCount: header.recordCount,
            totalAmountMinorUnits: header.totalAmount.minorUnits,
            transactionCount: view.count
        )
    }
}
