import JSON
import LedgerRules
import Money

extension AccountView {
    /// As the edge serves it (design 1.8).
    package var json: [UInt8] {
        JSONWriter.object { json in
            json.member("account_id", accountID)
            json.member("name", name)
            json.member("inactive", inactive)
            json.member("alert_code", alertCode)
            json.member("warning_code", warningCode)
            json.member("balance", amount: balance)
        }
    }
}

extension DetailCodeView {
    /// As the edge serves it (design 1.8).
    package var json: [UInt8] {
        JSONWriter.object { json in
            json.member("detail_code", detailCode)
            json.member("description", description)
            json.member("type", type.rawValue)
            json.member("gl_account", glAccount)
            json.member("active", active)
        }
    }
}

extension TrialBalance {
    /// As the edge serves it (design 1.8).
    package var json: [UInt8] {
        JSONWriter.object { json in
            json.member("debits", number: debits.jsonNumber)
            json.member("credits", number: credits.jsonNumber)
            json.member("difference", number: difference.jsonNumber)
            json.array("accounts") { json in
                for line in lines {
                    json.object { json in
                        json.member("gl_account", line.glAccount)
                        json.member("debits", number: line.debits.jsonNumber)
                        json.member("credits", number: line.credits.jsonNumber)
                        json.member("balance", number: (line.debits - line.credits).jsonNumber)
                    }
                }
            }
        }
    }
}
