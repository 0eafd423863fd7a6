internal import Protocol
internal import ServiceRuntime
internal import Storage

extension AuditQuery {
    private static let dayMilliseconds: Int64 = 86_400_000

    /// The question with its times read; every fault of it at once.
    func checked() throws(RPCError) -> Checked {
        var faults: [RPCError.Detail] = []
        func time(_ text: String?, _ field: String, endsDay: Bool) -> Int64? {
            guard let text, !text.isEmpty else { return nil }
            guard let time = Timestamps.parse(text) else {
                faults.append(
                    .init(
                        field: field,
                        code: "malformed",
                        message: "Give a date or a date-time as RFC 3339 has it."
                    )
                )
                return nil
            }
            // A date alone stands for the whole day.
            return endsDay && text.utf8.count == 10 ? time + Self.dayMilliseconds : time
        }
        let from = time(from, "/from", endsDay: false)
        let to = time(to, "/to", endsDay: true)
        let outcome = outcome.flatMap { $0.isEmpty ? nil : $0 }
        if let outcome, AuditEvent.Outcome(rawValue: outcome) == nil {
            faults.append(
                .init(
                    field: "/outcome",
                    code: "unknown_value",
                    message: "Give allowed or refused."
                )
            )
        }
        let limit = limit ?? PageLimits.defaultSize
        if !PageLimits.sizes.contains(limit) {
            faults.append(
                .init(
                    field: "/limit",
                    code: "out_of_range",
                    message: "Give a number from 1 to \(PageLimits.sizes.upperBound)."
                )
            )
        }
        guard faults.isEmpty else { throw .invalid(faults) }
        return Checked(
            from: from,
            to: to,
            actor: actor.flatMap { $0.isEmpty ? nil : $0 },
            outcome: outcome,
            beforeID: beforeID,
            limit: limit
        )
    }

    /// A question without faults.
    struct Checked: Sendable {
        let from: Int64?
        let to: Int64?
        let actor: String?
        let outcome: String?
        let beforeID: Int64?
        let limit: Int

        func run(_ transaction: ReadTransaction) throws -> [AuditEvent] {
            var conditions: [String] = []
            var values: [SQLValue] = []
            func add(_ condition: String, _ value: SQLValue?) {
                guard let value else { return }
                values.append(value)
                conditions.append(condition + " ?\(values.count)")
            }
            add("at_ms >=", from.map(SQLValue.integer))
            add("at_ms <", to.map(SQLValue.integer))
            add("actor =", actor.map(SQLValue.text))
            add("outcome =", outcome.map(SQLValue.text))
            add("id <", beforeID.map(SQLValue.integer))
            let text = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
            return try AuditLog.select(
                text + " ORDER BY id DESC LIMIT \(limit)",
                values,
                transaction
            ).map(\.event)
        }
    }
}
