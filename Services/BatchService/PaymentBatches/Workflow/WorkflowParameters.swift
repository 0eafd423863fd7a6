internal import JSON
package import ServiceStore
internal import BatchRules
internal import Money
internal import Protocol
internal import Storage

/// Reads and replaces the PEA workflow (`batch.workflow.get`, `batch.workflow.put`).
package struct WorkflowParameters: Sendable {
    static let maximumRules = 200
    static let maximumApprovers = 50

    let parts: PaymentParts

    package init(_ parts: PaymentParts) { self.parts = parts }

    package func get() async throws -> [UInt8] {
        try await parts.store.read { Self.document(try WorkflowSetting.load(in: $0)) }
    }

    /// Replaces the workflow; batches in it go on with the new rules.
    package func put(_ body: [UInt8], by caller: PaymentCaller) async throws -> KeyedReply {
        let now = parts.environment.now
        return try await parts.keyed(caller) {
            try Self.read(body)
        } change: { setting, transaction in
            let before = Self.document(try WorkflowSetting.load(in: transaction))
            try setting.save(in: transaction)
            let after = Self.document(setting)
            let change = JSONWriter.objectText { json in
                json.member("before", json: before)
                json.member("after", json: after)
            }
            try AuditOutbox.add(
                caller.event(subject: "workflow", change: change),
                at: now(),
                in: transaction
            )
            return KeyedReply(body: after)
        }
    }

    private static func document(_ setting: WorkflowSetting) -> [UInt8] {
        JSONWriter.object { text in
            text.member("enabled", setting.isEnabled)
            text.member("unmatched", setting.approvesUnmatched ? "approve" : "wait")
            text.array("rules") { text in
                for rule in setting.rules.rules { text.object { append(rule, to: &$0) } }
            }
        }
    }

    private static func append(_ rule: WorkflowRule, to text: inout JSONWriter) {
        text.member("step", rule.step)
        text.member("min_amount", amount: rule.minimum)
        text.member("max_amount", amount: rule.maximum)
        text.member("catch_all", rule.isCatchAll)
        text.member("group", rule.anyOfGroup)
        text.array("approvers") { text in
            for approver in rule.approvers { text.value(approver.text) }
        }
    }

    // MARK: Reading

    private enum Unmatched: String, CaseIterable { case approve, wait }

    private static func read(_ body: [UInt8]) throws(RPCError) -> WorkflowSetting {
        var fields = try FieldReader.reading(body)
        let isEnabled = fields.boolean("enabled", required: true)
        let unmatched = fields.word("unmatched", as: Unmatched.self) ?? .approve
        var faults: [RPCError.Detail] = []
        var rules: [WorkflowRule] = []
        if case .array(let nodes)? = fields.node("rules", required: true) {
            if nodes.count > maximumRules {
                fields.fail("rules", "too_many", "At most \(maximumRules) rules.")
            }
            for (index, node) in nodes.prefix(maximumRules).enumerated() {
                let (rule, found) = rule(node, at: "/rules/\(index)")
                faults += found
                if let rule { rules.append(rule) }
            }
        } else if fields.members.contains(where: { $0.key == "rules" && $0.value != .null }) {
            fields.fail("rules", "wrong_type", "rules is a list.")
        }
        fields.noteUnknown()
        faults = fields.faults + faults
        guard faults.isEmpty, let isEnabled else { throw RPCError.invalid(faults) }
        return WorkflowSetting(
            isEnabled: isEnabled,
            approvesUnmatched: unmatched == .approve,
            rules: WorkflowRules(rules)
        )
    }

    private static func rule(
        _ node: JSONNode,
        at pointer: String
    ) -> (WorkflowRule?, [RPCError.Detail]) {
        guard case .object(let members) = node else {
            return (
                nil,
                [
                    RPCError.Detail(
                        field: pointer,
                        code: "wrong_type",
                        message: "A rule is an object."
                    )
                ]
            )
        }
        var fields = FieldReader(members: members, at: pointer)
        let step = fields.integer("step", required: true, in: 1...9_999)
        let minimum = fields.amount("min_amount")
        let maximum = fields.amount("max_amount")
        if let bound = minimum, bound < .zero {
            fields.fail("min_amount", "out_of_range", "min_amount is zero or more.")
        }
        if let maximum, maximum < minimum ?? .zero {
            fields.fail("max_amount", "out_of_range", "max_amount is min_amount or more.")
        }
        let isCatchAll = fields.boolean("catch_all") ?? false
        if isCatchAll, minimum != nil || maximum != nil {
            fields.fail("catch_all", "excluded", "A catch-all rule has no amounts.")
        }
        let isGroup = fields.boolean("group") ?? false
        let approvers = approvers(&fields)
        fields.noteUnknown()
        guard fields.faults.isEmpty, let step else { return (nil, fields.faults) }
        return (
            WorkflowRule(
                step: step,
                minimum: minimum?.minorUnits,
                maximum: maximum?.minorUnits,
                isCatchAll: isCatchAll,
                anyOfGroup: isGroup,
                approvers: approvers
            ), []
        )
    }

    private static func approvers(_ fields: inout FieldReader) -> [WorkflowRule.Approver] {
        guard let node = fields.node("approvers", required: true) else { return [] }
        var approvers: [WorkflowRule.Approver] = []
        for element in node.elements.prefix(maximumApprovers) {
            if case .string(let text) = element, let approver = WorkflowRule.Approver(text),
                !approvers.contains(approver), !text.contains("\n")
            {
                approvers.append(approver)
            }
        }
        if approvers.isEmpty || approvers.count != node.elements.count {
            fields.fail(
                "approvers",
                "malformed",
                "approvers is a list of 1 to \(maximumApprovers) different texts user:NAME or "
                    + "role:NAME."
            )
        }
        return approvers
    }
}
