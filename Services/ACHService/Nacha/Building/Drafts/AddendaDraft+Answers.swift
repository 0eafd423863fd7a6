/// Which entry an answer is about: its trace number and the bank that received it.
package struct OriginalEntry: Hashable, Sendable {
    package var trace: TraceNumber
    package var receivingBank: RoutingNumber

    package init(trace: TraceNumber, receivingBank: RoutingNumber) {
        self.trace = trace
        self.receivingBank = receivingBank
    }

    func write(to builder: inout RecordBuilder) {
        builder.number("original_trace_number", trace.number)
        builder.number("original_receiving_dfi", UInt64(receivingBank.identification))
    }
}

/// A return that is answered: its trace number, the day of the year on which it settled, its reason.
package struct AnsweredReturn: Hashable, Sendable {
    package var trace: TraceNumber
    /// 1 to 366.
    package var settlementDay: Int
    package var reason: ReturnCode

    package init(trace: TraceNumber, settlementDay: Int, reason: ReturnCode) {
        self.trace = trace
        self.settlementDay = settlementDay
        self.reason = reason
    }

    /// Writes the three; of the reason only its two digits are.
    func write(_ answer: String, to builder: inout RecordBuilder) {
        builder.number(answer + "_trace_number", trace.number)
        builder.dayOfYear(answer + "_settlement_date", settlementDay)
        builder.text(
            answer + "_reason_code",
            DecimalText.digits(UInt64(reason.number), count: 2)
        )
    }
}

extension RecordBuilder {
    /// Writes the reason of a return, or of an answer to one, where the record may bear it.
    mutating func reason(
        _ name: String,
        _ reason: ReturnCode,
        _ kinds: Set<ReturnCode.Kind>,
        _ form: String
    ) {
        code(name, reason, isAllowed: kinds.contains(reason.kind), form)
    }

    /// Writes the code of a change.
    mutating func change(_ name: String, _ code: ChangeCode) {
        self.code(name, code, isAllowed: !code.isRefusal, "a change, C01 to C14")
    }

    /// Writes the code by which a change is refused.
    mutating func refusal(_ name: String, _ code: ChangeCode) {
        self.code(name, code, isAllowed: code.isRefusal, "a refusal, C61 to C69")
    }

    private mutating func code(
        _ name: String,
        _ code: some ThreeByteCode,
        isAllowed: Bool,
        _ form: String
    ) {
        if isAllowed {
            text(name, code.text)
        } else {
            note(.wrongForm(field: name, value: code.text, form: form))
        }
    }
}
