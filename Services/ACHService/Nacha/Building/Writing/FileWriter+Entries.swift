extension FileWriter {
    /// Writes an entry of the standard form, and a payment addenda (05) behind it where a text is
    /// given.
    ///
    /// The routing number is nine digits with the right check digit; texts are printable ASCII and
    /// no longer than their fields: identification 15, name 22, discretionary data 2, payment 80. Of
    /// the account number blanks are dropped and the leftmost 17 characters stay (design 3.2). Where
    /// something does not fit, all faults are thrown and nothing is written.
    ///
    /// Classes whose entries have another form take `write(_: EntryDraft)`.
    package mutating func write(
        _ code: TransactionCode,
        receiver: UInt32,
        accountNumber: Span<UInt8>,
        amountMinorUnits: UInt64,
        identification: Span<UInt8>,
        name: Span<UInt8>,
        discretionaryData: Span<UInt8>,
        payment: Span<UInt8>
    ) throws(BuildingFaults) {
        precondition(
            state == .inBatch && batch.entryClass.entryForm == .standard,
            "Only an open batch whose entries have the standard form takes this entry."
        )
        buffer.reserve(2 * EntryTemplates.size)
        let isWritten = accountNumber.withUnsafeBytes { account in
            identification.withUnsafeBytes { identification in
                name.withUnsafeBytes { name in
                    discretionaryData.withUnsafeBytes { discretionaryData in
                        payment.withUnsafeBytes { payment in
                            writeAtOnce(
                                code,
                                receiver,
                                amountMinorUnits,
                                account,
                                identification,
                                name,
                                discretionaryData,
                                payment
                            )
                        }
                    }
                }
            }
        }
        if isWritten { return }
        try writeWithCare(
            EntryDraft(
                transactionCode: code,
                receiver: RoutingNumber(number: receiver) ?? .standIn,
                accountNumber: String(decoding: accountNumber),
                amountMinorUnits: amountMinorUnits,
                details: .standard(
                    identification: String(decoding: identification),
                    name: String(decoding: name)
                ),
                discretionaryData: String(decoding: discretionaryData),
                addenda: payment.isEmpty ? [] : [.payment(String(decoding: payment))]
            ),
            receiver: receiver
        )
    }

    /// Writes an entry of the standard form from texts, as the other form of this call does.
    @inline(__always)
    package mutating func write(
        _ code: TransactionCode,
        receiver: UInt32,
        accountNumber: String,
        amountMinorUnits: UInt64,
        identification: String,
        name: String,
        discretionaryData: String = "",
        payment: String = ""
    ) throws(BuildingFaults) {
        try write(
            code,
            receiver: receiver,
            accountNumber: accountNumber.utf8.span,
            amountMinorUnits: amountMinorUnits,
            identification: identification.utf8.span,
            name: name.utf8.span,
            discretionaryData: discretionaryData.utf8.span,
            payment: payment.utf8.span
        )
    }

    /// Writes what is right and usual, behind the last byte; nothing counts unless all of it fits.
    @inline(__always)
    private mutating func writeAtOnce(
        _ code: TransactionCode,
        _ receiver: UInt32,
        _ amount: UInt64,
        _ account: UnsafeRawBufferPointer,
        _ identification: UnsafeRawBufferPointer,
        _ name: UnsafeRawBufferPointer,
        _ discretionaryData: UnsafeRawBufferPointer,
        _ payment: UnsafeRawBufferPointer
    ) -> Bool {
        let recordCount: UInt64 = payment.isEmpty ? 1 : 2
        let isDebit = code.side == .debit
        let sum = amount &+ (isDebit ? batch.totals.debitMinorUnits : batch.totals.creditMinorUnits)
        guard account.count &- 1 <= 16, identification.count <= 15, name.count <= 22,
            discretionaryData.count <= 2, payment.count <= 80,
            amount <= FileLimits.amountMinorUnits,
            sum <= (isDebit ? batch.debitLimit : batch.creditLimit),
            recordCount <= batch.recordsLeft, nextSequence <= FileLimits.traceSequence,
            receiver > 9, receiver <= 999_999_999,
            let first = account.first, first != Character.zero || !Self.isZero(account)
        else { return false }

        let record = buffer.end
        EntryTemplates.copy(templates.entry, to: record)
        record.storeTwoDigits(UInt32(code.number), at: 1)
        let bank = receiver / 10
        let bankDigits = DecimalWord.digits(bank)
        let checkDigit = receiver % 10
        record.storeDigits(bankDigits, at: 3)
        record.storeBytes(
            of: Character.zero &+ UInt8(truncatingIfNeeded: checkDigit),
            toByteOffset: 11,
            as: UInt8.self
        )
        let (upper, lower) = amount.quotientAndRemainder(dividingBy: 100_000_000)
        record.storeTwoDigits(UInt32(truncatingIfNeeded: upper), at: 29)
        record.storeDigits(DecimalWord.digits(UInt32(truncatingIfNeeded: lower)), at: 31)
        var excess = Self.copy(account, to: record + 12, lowest: Character.blank + 1)
        excess |= Self.copy(identification, to: record + 39)
        excess |= Self.copy(name, to: record + 54)
        excess |= Self.copy(discretionaryData, to: record + 76)
        record.storeBytes(
            of: Character.zero &+ UInt8(truncatingIfNeeded: recordCount &- 1),
            toByteOffset: 78,
            as: UInt8.self
        )
        let sequence = UInt32(truncatingIfNeeded: nextSequence)
        let traceEnd = DecimalWord.digits(batch.odfi % 10 &* 10_000_000 &+ sequence)
        record.storeDigits(traceEnd, at: 86)
        if !payment.isEmpty {
            let addenda = record + stride
            EntryTemplates.copy(templates.addenda, to: addenda)
            excess |= Self.copy(payment, to: addenda + 3)
            // The last digit of the addenda's own number, 1, stands before the seven of the entry's.
            addenda.storeDigits(traceEnd & ~0xFF | 1, at: 86)
        }
        guard excess == 0, (DecimalWord.weightedSum(bankDigits) &+ UInt64(checkDigit)) % 10 == 0
        else { return false }
        buffer.advance(stride &* Int(truncatingIfNeeded: recordCount))
        nextSequence &+= 1
        batch.recordsLeft &-= recordCount
        batch.totals.grow(
            code.side,
            amountMinorUnits: amount,
            receivingDFI: UInt64(bank),
            recordCount: recordCount
        )
        return true
    }

    @inline(__always)
    private static func copy(
        _ text: UnsafeRawBufferPointer,
        to target: UnsafeMutableRawPointer,
        lowest: UInt8 = Character.blank
    ) -> UInt64 {
        guard let source = text.baseAddress else { return 0 }
        return PrintableText.copy(source, text.count, to: target, lowest: lowest)
    }

    @inline(never)
    private static func isZero(_ text: UnsafeRawBufferPointer) -> Bool {
        text.allSatisfy { $0 == Character.zero }
    }
}

extension String {
    /// The text of bytes; what is no UTF-8 becomes U+FFFD, which no field takes.
    fileprivate init(decoding bytes: Span<UInt8>) {
        self = bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}

extension RoutingNumber {
    /// Stands for a bank that is none while the other fields are looked at.
    fileprivate static let standIn = RoutingNumber(unchecked: 0)
}
