import JSON
import LedgerRules
import Money
import PostingSets
import Protocol

/// The bytes of a `PostSetResult`, written without a tree: a set may have 300,000 failures.
enum SetResultJSON {
    static func bytes(
        of plan: SetPlanner,
        _ set: PostingSetView,
        journalID: Int64?
    ) -> [UInt8] {
        JSONWriter.object(reserving: 64) { json in
            json.member("transactions_loaded", plan.accepted.count)
            json.array("failures") { json in
                if plan.failureCount > 0 { append(plan, set, to: &json) }
            }
            if !plan.refusals.isEmpty {
                json.member("error_message", SetRefusal.message(plan.refusals))
            }
            json.optional("journal_id", journalID)
        }
    }

    private static func append(
        _ plan: SetPlanner,
        _ set: PostingSetView,
        to json: inout JSONWriter
    ) {
        for row in 0..<set.count {
            guard let fault = plan.fault(of: row) else { continue }
            json.object { json in
                json.member("index", row)
                json.member(
                    "message",
                    fault.message(
                        accountID: set.accountIDs[row].string,
                        detailCode: set.detailCodes[row].string,
                        amount: Amount(minorUnits: set.amounts[row]),
                        sourceTransactionID: set.sourceTransactionIDs[row].string
                    )
                )
            }
        }
    }
}
