internal import JSON
internal import Money

// The bodies that travel with every payment and its audit event, written and read by hand: through Codable they would cost
// more than the work that they ask for.

extension ApplyPayments {
    /// The body of `posting.payments.apply`.
    package func encoded() -> [UInt8] {
        JSONWriter.object(reserving: 64 + operations.count * 256) { json in
            json.array("operations") { json in
                for operation in operations { operation.append(to: &json) }
            }
        }
    }

    /// Reads a body; every member must be known and every needed one there.
    package static func read(_ bytes: UnsafeRawBufferPointer) throws(RPCError) -> ApplyPayments {
        ApplyPayments(
            operations: try RPCError.list("operations", in: bytes) {
                (scanner) throws(JSONScanner.Fault) in try PaymentOperation(&scanner)
            }
        )
    }
}

extension PaymentOperation {
    fileprivate func append(to json: inout JSONWriter) {
        json.object { json in
            json.member("paymentID", paymentID)
            json.member("kind", kind.rawValue)
            json.member("batchID", batchID)
            json.member("accountID", accountID)
            json.member("amountMinorUnits", amountMinorUnits)
            json.member("paymentType", paymentType.rawValue)
            json.member("date", date)
            json.member("description", description)
            json.optional("ledgerEntryID", ledgerEntryID)
            json.optional("reversesLedgerEntryID", reversesLedgerEntryID)
            json.optional("detailCode", detailCode)
        }
    }

    fileprivate init(_ scanner: inout JSONScanner) throws(JSONScanner.Fault) {
        var paymentID, batchID, amount, date, entry, reverses: Int64?
        var kind: Kind?
        var type: PaymentType?
        var account, text, code: String?
        try scanner.object { (name, scanner) throws(JSONScanner.Fault) in
            switch name {
            case "paymentID": paymentID = try scanner.integer()
            case "kind": kind = Kind(rawValue: try scanner.string())
            case "batchID": batchID = try scanner.integer()
            case "accountID": account = try scanner.string()
            case "amountMinorUnits": amount = try scanner.integer()
            case "paymentType": type = PaymentType(rawValue: try scanner.string())
            case "date": date = try scanner.integer()
            case "description": text = try scanner.string()
            case "ledgerEntryID": entry = try scanner.integer()
            case "reversesLedgerEntryID": reverses = try scanner.integer()
            case "detailCode": code = try scanner.string()
            default: throw scanner.unexpected
            }
        }
        guard let paymentID, let kind, let batchID, let account, let amount, let type, let date,
            let text
        else { throw scanner.unexpected }
        self.init(
            paymentID: paymentID,
            kind: kind,
            batchID: batchID,
            accountID: account,
            amountMinorUnits: amount,
            paymentType: type,
            date: date,
            description: text,
            ledgerEntryID: entry,
            reversesLedgerEntryID: reverses,
            detailCode: code
        )
    }
}

extension AppliedPayments {
    /// The reply of `posting.payments.apply`.
    package func encoded() -> [UInt8] {
        JSONWriter.object(reserving: 64 + entryIDs.count * 24) { json in
            json.array("entryIDs") { json in for id in entryIDs { json.value(id) } }
        }
    }

    package static func read(_ bytes: UnsafeRawBufferPointer) throws(RPCError) -> AppliedPayments {
        AppliedPayments(
            entryIDs: try RPCError.list("entryIDs", in: bytes) {
                (scanner) throws(JSONScanner.Fault) in try scanner.integer()
            }
        )
    }
}

extension CheckAccounts {
    /// The body of `posting.accounts.check`.
    package func encoded() -> [UInt8] {
        JSONWriter.object(reserving: 64 + accountIDs.count * 24) { json in
            json.member("accountIDs", accountIDs)
        }
    }

    package static func read(_ bytes: UnsafeRawBufferPointer) throws(RPCError) -> CheckAccounts {
        CheckAccounts(
            accountIDs: try RPCError.list("accountIDs", in: bytes) {
                (scanner) throws(JSONScanner.Fault) in try scanner.string()
            }
        )
    }
}

extension AccountCheck {
    /// The reply of `posting.accounts.check`.
    package static func encoded(_ checks: [AccountCheck]) -> [UInt8] {
        JSONWriter.array(reserving: 64 + checks.count * 96) { json in
            for check in checks {
                json.object { json in
                    json.member("inactive", check.inactive)
                    json.member("balanceMinorUnits", check.balanceMinorUnits)
                    json.optional("accountID", check.accountID)
                    json.optional("alertCode", check.alertCode)
                    json.optional("warningCode", check.warningCode)
                }
            }
        }
    }

    package static func read(
        _ bytes: UnsafeRawBufferPointer
    ) throws(RPCError) -> [AccountCheck] {
        var checks: [AccountCheck] = []
        try RPCError.reading(bytes) { (scanner) throws(JSONScanner.Fault) in
            try scanner.array { (scanner) throws(JSONScanner.Fault) in
                var check = AccountCheck(
                    accountID: nil,
                    inactive: false,
                    alertCode: nil,
                    warningCode: nil
                )
                try scanner.object { (name, scanner) throws(JSONScanner.Fault) in
                    switch name {
                    case "accountID": check.accountID = try scanner.string()
                    case "inactive": check.inactive = try scanner.boolean()
                    case "balanceMinorUnits": check.balanceMinorUnits = try scanner.integer()
                    case "alertCode": check.alertCode = try scanner.string()
                    case "warningCode": check.warningCode = try scanner.string()
                    default: throw scanner.unexpected
                    }
                }
                checks.append(check)
            }
        }
        return checks
    }
}

extension AuditBatch {
    /// Reads the body of `auth.audit.record`; members that are not known are passed over.
    package static func read(_ bytes: UnsafeRawBufferPointer) throws(RPCError) -> AuditBatch {
        if let fault = JSONText.fault(in: bytes) { throw .invalid([fault.detail]) }
        var events: [AuditEvent]?
        try RPCError.reading(bytes) { (scanner) throws(JSONScanner.Fault) in
            try scanner.object { (name, scanner) throws(JSONScanner.Fault) in
                guard name == "events" else {
                    _ = try scanner.skipValue()
                    return
                }
                var found: [AuditEvent] = []
                try scanner.array { (scanner) throws(JSONScanner.Fault) in
                    found.append(try AuditEvent(&scanner))
                }
                events = found
            }
        }
        guard let events else {
            throw .invalid([
                .init(field: "/events", code: "missing", message: "The member is missing.")
            ])
        }
        return AuditBatch(events: events)
    }
}

extension AuditEvent {
    fileprivate init(_ scanner: inout JSONScanner) throws(JSONScanner.Fault) {
        var event = AuditEvent(outcome: .allowed, action: "")
        var outcome: Outcome?
        try scanner.object { (name, scanner) throws(JSONScanner.Fault) in
            switch name {
            case "at": event.at = try scanner.string()
            case "origin": event.origin = try scanner.string()
            case "origin_id": event.originID = try scanner.string()
            case "outcome": outcome = Outcome(rawValue: try scanner.string())
            case "actor": event.actor = try scanner.string()
            case "key_id": event.keyID = try scanner.string()
            case "token_id": event.tokenID = try scanner.string()
            case "peer": event.peer = try scanner.string()
            case "action": event.action = try scanner.string()
            case "scope": event.scope = try scanner.string()
            case "subject": event.subject = try scanner.string()
            case "reason": event.reason = try scanner.string()
            case "request_id": event.requestID = try scanner.string()
            case "change": event.change = try scanner.string()
            default: _ = try scanner.skipValue()
            }
        }
        guard let outcome else { throw scanner.unexpected }
        event.outcome = outcome
        self = event
    }
}

extension JSONScanner {
    /// A member that is not known, is missing, or has none of its words.
    var unexpected: Fault { fault(.wrongType) }
}

extension RPCError {
    /// Reads an object whose one member is a list.
    fileprivate static func list<Element>(
        _ member: String,
        in bytes: UnsafeRawBufferPointer,
        _ element: (inout JSONScanner) throws(JSONScanner.Fault) -> Element
    ) throws(RPCError) -> [Element] {
        var elements: [Element] = []
        try reading(bytes) { (scanner) throws(JSONScanner.Fault) in
            try scanner.object { (name, scanner) throws(JSONScanner.Fault) in
                guard name == member else { throw scanner.unexpected }
                try scanner.array { (scanner) throws(JSONScanner.Fault) in
                    elements.append(try element(&scanner))
                }
            }
        }
        return elements
    }

    /// Reads a whole text; what is wrong with it becomes `invalid`.
    fileprivate static func reading(
        _ bytes: UnsafeRawBufferPointer,
        _ read: (inout JSONScanner) throws(JSONScanner.Fault) -> Void
    ) throws(RPCError) {
        var scanner = JSONScanner(bytes)
        do throws(JSONScanner.Fault) {
            try read(&scanner)
            guard scanner.isAtEnd() else { throw scanner.malformed }
        } catch {
            throw .invalid([error.detail])
        }
    }
}
