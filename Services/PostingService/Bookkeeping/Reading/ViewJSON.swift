import JSON
import LedgerRules
import Money
import Protocol

/// Writes one flat JSON object, its members in the order in which they come.
private struct ObjectWriter {
    private(set) var bytes: [UInt8] = [0x7B]

    mutating func text(_ name: String, _ value: String?) {
        begin(name)
        if let value {
            JSONText.append(value, to: &bytes)
        } else {
            bytes.append(contentsOf: "null".utf8)
        }
    }

    /// A number, a truth value or a text that is JSON already.
    mutating func raw(_ name: String, _ value: String) {
        begin(name)
        bytes.append(contentsOf: value.utf8)
    }

    mutating func array(_ name: String, _ items: [[UInt8]]) {
        begin(name)
        bytes.append(0x5B)
        for (index, item) in items.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            bytes.append(contentsOf: item)
        }
        bytes.append(0x5D)
    }

    mutating func end() -> [UInt8] {
        bytes.append(0x7D)
        return bytes
    }

    private mutating func begin(_ name: String) {
        if bytes.count > 1 { bytes.append(0x2C) }
        JSONText.append(name, to: &bytes)
        bytes.append(0x3A)
    }
}

extension AccountView {
    /// As the edge serves it (design 1.8).
    package var json: [UInt8] {
        var object = ObjectWriter()
        object.text("account_id", accountID)
        object.text("name", name)
        object.raw("inactive", String(inactive))
        object.text("alert_code", alertCode)
        object.text("warning_code", warningCode)
        object.raw("balance", balance.jsonNumber)
        return object.end()
    }
}

extension DetailCodeView {
    /// As the edge serves it (design 1.8).
    package var json: [UInt8] {
        var object = ObjectWriter()
        object.text("detail_code", detailCode)
        object.text("description", description)
        object.text("type", type.rawValue)
        object.text("gl_account", glAccount)
        object.raw("active", String(active))
        return object.end()
    }
}

extension TrialBalance {
    /// As the edge serves it (design 1.8).
    package var json: [UInt8] {
        let accounts = lines.map { line in
            var object = ObjectWriter()
            object.text("gl_account", line.glAccount)
            object.raw("debits", line.debits.jsonNumber)
            object.raw("credits", line.credits.jsonNumber)
            object.raw("balance", (line.debits - line.credits).jsonNumber)
            return object.end()
        }
        var object = ObjectWriter()
        object.raw("debits", debits.jsonNumber)
        object.raw("credits", credits.jsonNumber)
        object.raw("difference", difference.jsonNumber)
        object.array("accounts", accounts)
        return object.end()
    }
}
