/// What an addenda record is made of, in each of its variants.
///
/// Numbers among an entry's addenda and its trace number are filled in where the record is written.
///
/// Source: design 3.7, record 7.
package enum AddendaDraft: Hashable, Sendable {
    /// 02: where and when a card was used (POS, SHR, MTE).
    case terminal(TerminalAddendaDraft)
    /// 05: what is paid, up to 80 characters.
    case payment(String)

    /// 10: why money crosses a border, how much of it in the foreign currency.
    case transaction(TransactionAddendaDraft)
    /// 11
    case originator(name: String, street: String)
    /// 12
    case originatorAddress(PartyAddressDraft)
    /// 13
    case originatingBank(ForeignBankDraft)
    /// 14
    case receivingBank(ForeignBankDraft)
    /// 15
    case receiver(identification: String, street: String)
    /// 16
    case receiverAddress(PartyAddressDraft)
    /// 17: as 05, for IAT.
    case remittance(String)
    /// 18: a bank on the way.
    case correspondentBank(ForeignBankDraft)

    /// 98: a bank corrects what an entry says.
    case change(ChangeDraft)
    /// 98: the originating bank refuses a change.
    case refusedChange(RefusedChangeDraft)
    /// 99: an entry comes back.
    case returned(ReturnDraft)
    /// 99: the originating bank dishonors a return.
    case dishonored(DishonoredReturnDraft)
    /// 99: the receiving bank contests a dishonor.
    case contested(ContestedReturnDraft)

    /// Which variant it is.
    package var kind: RecordKind {
        switch self {
        case .terminal: .terminalAddenda
        case .payment: .paymentAddenda
        case .transaction: .transactionAddenda
        case .originator: .originatorAddenda
        case .originatorAddress: .originatorAddressAddenda
        case .originatingBank: .originatingBankAddenda
        case .receivingBank: .receivingBankAddenda
        case .receiver: .receiverAddenda
        case .receiverAddress: .receiverAddressAddenda
        case .remittance: .remittanceAddenda
        case .correspondentBank: .correspondentAddenda
        case .change: .changeAddenda
        case .refusedChange: .refusedChangeAddenda
        case .returned: .returnAddenda
        case .dishonored: .dishonoredAddenda
        case .contested: .contestedAddenda
        }
    }

    /// The record (7) behind an entry with a trace number, in its place among those of its type.
    package func addenda(
        sequence: Int,
        trace: TraceNumber
    ) throws(BuildingFaults) -> Addenda {
        var builder = RecordBuilder(kind)
        switch self {
        case .terminal(let draft): draft.write(to: &builder)
        case .payment(let text), .remittance(let text):
            builder.text("payment_related_information", text)
        case .transaction(let draft): draft.write(to: &builder)
        case .originator(let name, let street):
            builder.text("originator_name", name, isRequired: true)
            builder.text("originator_street_address", street, isRequired: true)
        case .originatorAddress(let draft): draft.write("originator", to: &builder)
        case .originatingBank(let draft): draft.write("odfi", to: &builder)
        case .receivingBank(let draft): draft.write("rdfi", to: &builder)
        case .receiver(let identification, let street):
            builder.text("receiver_identification_number", identification)
            builder.text("receiver_street_address", street, isRequired: true)
        case .receiverAddress(let draft): draft.write("receiver", to: &builder)
        case .correspondentBank(let draft): draft.write("correspondent_bank", to: &builder)
        case .change(let draft): draft.write(to: &builder)
        case .refusedChange(let draft): draft.write(to: &builder)
        case .returned(let draft): draft.write(to: &builder)
        case .dishonored(let draft): draft.write(to: &builder)
        case .contested(let draft): draft.write(to: &builder)
        }
        builder.addendaEnd(kind, sequence: sequence, trace: trace)
        return Addenda(record: try builder.finished())
    }
}

extension RecordBuilder {
    /// Writes what says to which entry the addenda belongs, and in which place.
    fileprivate mutating func addendaEnd(_ kind: RecordKind, sequence: Int, trace: TraceNumber) {
        switch kind {
        case .terminalAddenda, .changeAddenda, .refusedChangeAddenda, .returnAddenda,
            .dishonoredAddenda, .contestedAddenda:
            number("trace_number", trace.number)
        case .paymentAddenda, .remittanceAddenda, .correspondentAddenda:
            number("addenda_sequence_number", UInt64(max(sequence, 0)))
            number("entry_detail_sequence_number", UInt64(trace.sequence))
        default:
            number("entry_detail_sequence_number", UInt64(trace.sequence))
        }
    }
}

/// Where and when a card was used: addenda 02.
package struct TerminalAddendaDraft: Hashable, Sendable {
    package var reference1: String
    package var reference2: String
    package var terminalID: String
    package var serialNumber: String
    /// The day of the transaction; its year is not written.
    package var date: CivilDate
    /// The authorization code, or for SHR the card's expiry.
    package var authorization: String
    package var location: String
    package var city: String
    /// Two letters.
    package var state: String

    package init(
        reference1: String = "",
        reference2: String = "",
        terminalID: String,
        serialNumber: String,
        date: CivilDate,
        authorization: String = "",
        location: String,
        city: String,
        state: String
    ) {
        self.reference1 = reference1
        self.reference2 = reference2
        self.terminalID = terminalID
        self.serialNumber = serialNumber
        self.date = date
        self.authorization = authorization
        self.location = location
        self.city = city
        self.state = state
    }

    fileprivate func write(to builder: inout RecordBuilder) {
        builder.text("reference_information_1", reference1)
        builder.text("reference_information_2", reference2)
        builder.text("terminal_identification_code", terminalID, isRequired: true)
        builder.text("transaction_serial_number", serialNumber, isRequired: true)
        builder.text(
            "transaction_date",
            DecimalText.digits(UInt64(date.month * 100 + date.day), count: 4)
        )
        builder.text("authorization_code", authorization)
        builder.text("terminal_location", location, isRequired: true)
        builder.text("terminal_city", city, isRequired: true)
        builder.capitals("terminal_state", state, count: 2)
    }
}
