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
        var out = Array("{\"transactions_loaded\":".utf8)
        JSONText.append(Int64(plan.accepted.count), to: &out)
        out.append(contentsOf: ",\"failures\":[".utf8)
        if plan.failureCount > 0 { appendFailures(plan, set, to: &out) }
        out.append(UInt8(ascii: "]"))
        if !plan.refusals.isEmpty {
            out.append(contentsOf: ",\"error_message\":".utf8)
            JSONText.append(SetRefusal.message(plan.refusals), to: &out)
        }
        if let journalID {
            out.append(contentsOf: ",\"journal_id\":".utf8)
            JSONText.append(journalID, to: &out)
        }
        out.append(UInt8(ascii: "}"))
        return out
    }

    private static func appendFailures(
        _ plan: SetPlanner,
        _ set: PostingSetView,
        to out: inout [UInt8]
    ) {
        var separator = ""
        for row in 0..<set.count {
            guard let fault = plan.fault(of: row) else { continue }
            out.append(contentsOf: separator.utf8)
            separator = ","
            out.append(contentsOf: "{\"index\":".utf8)
            JSONText.append(Int64(row), to: &out)
            out.append(contentsOf: ",\"message\":".utf8)
            let message = fault.message(
                accountID: set.accountIDs[row].string,
                detailCode: set.detailCodes[row].string,
                amount: Amount(minorUnits: set.amounts[row]),
                sourceTransactionID: set.sourceTransactionIDs[row].string
            )
            JSONText.append(message, to: &out)
            out.append(UInt8(ascii: "}"))
        }
    }
}
