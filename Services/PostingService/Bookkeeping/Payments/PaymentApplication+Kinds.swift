import LedgerRules
import Protocol
import Storage

/// What each kind of operation books.
extension PaymentApplication {
    mutating func record(
        _ operation: PaymentOperation,
        _ digest: [UInt8],
        in transaction: WriteTransaction
    ) throws -> Int64 {
        var cash = books.cash
        if let reversed = operation.reversesLedgerEntryID {
            guard let original = try PaymentRows.find(entry: reversed, in: transaction) else {
                throw PaymentRefusal.unknownEntry(reversed, operation)
            }
            cash = original.cashGL
        }
        let entry = try payment(operation, amount: operation.amountMinorUnits, suffix: "")
        let mark = mark(
            operation,
            digest,
            cashGL: cash,
            reverses: operation.reversesLedgerEntryID
        )
        let id = try add(entry, mark, operation)
        if let reversed = operation.reversesLedgerEntryID {
            undoings.append(Undoing(original: reversed, entry: id, amount: entry.amount))
        }
        return id
    }

    func adopt(
        _ entryID: Int64,
        _ operation: PaymentOperation,
        _ digest: [UInt8],
        in transaction: WriteTransaction
    ) throws -> Int64 {
        guard let row = try PaymentRows.find(entry: entryID, in: transaction), row.kind == .record
        else { throw PaymentRefusal.unknownEntry(entryID, operation) }
        guard row.paymentID == nil else { throw PaymentRefusal.keyReused(operation) }
        guard row.amount == operation.amountMinorUnits, row.account == account(of: operation) else {
            throw PaymentRefusal.differs(row, operation)
        }
        try PaymentRows.adopt(
            entryID,
            paymentID: operation.paymentID,
            batchID: operation.batchID,
            digest: digest,
            in: transaction
        )
        return entryID
    }

    /// Books the record's opposite, whatever sign the operation's amount has.
    mutating func withdraw(
        _ operation: PaymentOperation,
        _ digest: [UInt8],
        in transaction: WriteTransaction
    ) throws -> Int64 {
        var record = try row(operation.paymentID, .record, in: transaction)
        if record == nil, let entryID = operation.ledgerEntryID {
            record = try PaymentRows.find(entry: entryID, in: transaction)
        }
        guard let record, record.kind == .record,
            record.paymentID ?? operation.paymentID == operation.paymentID
        else { throw PaymentRefusal.missingRecord(operation) }
        guard record.amount.magnitude == operation.amountMinorUnits.magnitude,
            record.account == account(of: operation)
        else { throw PaymentRefusal.differs(record, operation) }
        let (amount, overflow) = Int64(0).subtractingReportingOverflow(record.amount)
        guard !overflow else { throw PaymentRefusal.balanceOutOfRange(operation) }
        let entry = try payment(operation, amount: amount, suffix: "/withdraw")
        let mark = mark(
            operation,
            digest,
            cashGL: record.cashGL,
            reverses: record.entryID
        )
        let id = try add(entry, mark, operation)
        undoings.append(
            Undoing(original: record.reversesEntry ?? record.entryID, entry: id, amount: amount)
        )
        return id
    }

    mutating func charge(
        _ operation: PaymentOperation,
        _ digest: [UInt8]
    ) throws -> Int64 {
        let number = books.codeNumbers.find(operation.detailCode ?? "")
        guard number >= 0 else { throw PaymentRefusal.unusableCode(operation) }
        let code = books.codes[Int(number)]
        // As with a payment: whether the code is in use was judged when the charge was accepted.
        guard code.kind == .charge else {
            throw PaymentRefusal.unusableCode(operation)
        }
        var entry = try payment(operation, amount: operation.amountMinorUnits, suffix: "/charge")
        entry.kind = code.kind
        entry.code = code.id
        let mark = mark(operation, digest, cashGL: books.cash, reverses: nil)
        guard let id = booking.charge(entry, mark, glAccount: code.glAccount) else {
            throw PaymentRefusal.balanceOutOfRange(operation)
        }
        remember(id, entry, mark, operation)
        return id
    }
}
