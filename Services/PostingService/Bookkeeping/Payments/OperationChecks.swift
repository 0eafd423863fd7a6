import Protocol

/// Faults of requests that no state of the ledger would heal.
enum OperationChecks {
    /// Days of the years 1 to 9999: others have no text.
    static let days: ClosedRange<Int64> = -719_162...2_932_896

    static func check(_ operations: [PaymentOperation]) throws(RPCError) {
        let faults = operations.enumerated().compactMap { index, operation in
            days.contains(operation.date) ? nil : dayFault("/operations/\(index)/date")
        }
        guard faults.isEmpty else { throw .invalid(faults) }
    }

    static func check(_ request: PostJournal) throws(RPCError) {
        var faults: [RPCError.Detail] = []
        if !days.contains(request.glDate) { faults.append(dayFault("/glDate")) }
        if request.batches.isEmpty {
            faults.append(
                .init(field: "/batches", code: "missing", message: "At least one batch is needed.")
            )
        }
        var seen: Set<Int64> = []
        for (index, batch) in request.batches.enumerated()
        where !seen.insert(batch.batchID).inserted {
            faults.append(
                .init(
                    field: "/batches/\(index)/batchID",
                    code: "repeated",
                    message: "Batch \(batch.batchID) stands twice."
                )
            )
        }
        guard faults.isEmpty else { throw .invalid(faults) }
    }

    private static func dayFault(_ field: String) -> RPCError.Detail {
        RPCError.Detail(
            field: field,
            code: "out_of_range",
            message: "A day is of the years 1 to 9999, counted from 1970-01-01."
        )
    }
}
