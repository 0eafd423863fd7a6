internal import JSON
internal import Money
internal import Protocol

/// The settings of payments, each kept as text under its name.
package enum PaymentSetting: String, Sendable, CaseIterable {
    case workflowEnabled = "workflow_enabled"
    case workflowUnmatched = "workflow_unmatched"
    case nsfChargeAmount = "nsf_charge_amount"
    case nsfDetailCode = "nsf_detail_code"

    var description: String {
        switch self {
        case .workflowEnabled:
            "Whether closed batches go through the PEA workflow."
        case .workflowUnmatched:
            "A batch that no rule of the workflow applies to: approve it, or let it wait."
        case .nsfChargeAmount:
            "What a reversed check with reason NSF is charged; 0 charges nothing."
        case .nsfDetailCode:
            "The detail code of that charge; empty charges nothing."
        }
    }

    var defaultText: String {
        switch self {
        case .workflowEnabled: "false"
        case .workflowUnmatched: "approve"
        case .nsfChargeAmount: "0.00"
        case .nsfDetailCode: ""
        }
    }

    /// The text to keep; a fault, in words for people, where the value is not one of the setting.
    func text(of value: JSONNode) -> Reading {
        switch (self, value) {
        case (.workflowEnabled, .boolean(let flag)):
            return .text(flag ? "true" : "false")
        case (.workflowEnabled, _):
            return .fault("\(rawValue) is true or false.")
        case (.workflowUnmatched, .string(let word)) where word == "approve" || word == "wait":
            return .text(word)
        case (.workflowUnmatched, _):
            return .fault("\(rawValue) is approve or wait.")
        case (.nsfChargeAmount, .number(let number)):
            guard let amount = try? Amount(number), amount >= .zero else {
                return .fault("\(rawValue) is 0 or more, with at most two decimals.")
            }
            return .text(amount.fixedDecimal)
        case (.nsfChargeAmount, _):
            return .fault("\(rawValue) is a number, for example 25.00.")
        case (.nsfDetailCode, .string(let code)) where code.isEmpty || Self.isCode(code):
            return .text(code)
        case (.nsfDetailCode, _):
            return .fault("\(rawValue) is a detail code of printable characters, or empty.")
        }
    }

    enum Reading: Equatable {
        case text(String)
        case fault(String)
    }

    private static func isCode(_ code: String) -> Bool {
        code.utf8.count <= 40 && code.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// Writes the value as JSON: a text, a number or a truth value.
    func append(_ text: String, as name: StaticString = "value", to out: inout JSONWriter) {
        switch self {
        case .workflowEnabled: out.member(name, text == "true")
        case .nsfChargeAmount: out.member(name, amount: (try? Amount(text))?.minorUnits ?? 0)
        case .workflowUnmatched, .nsfDetailCode: out.member(name, text)
        }
    }
}
