/// The kind of payment a batch holds: positions 51-53 of its header (design 3.4 and 3.7).
package enum StandardEntryClass: String, Sendable, CaseIterable {
    case ack = "ACK"
    case adv = "ADV"
    case arc = "ARC"
    case atx = "ATX"
    case boc = "BOC"
    case ccd = "CCD"
    case cie = "CIE"
    case cor = "COR"
    case ctx = "CTX"
    case dne = "DNE"
    case enr = "ENR"
    case iat = "IAT"
    case mte = "MTE"
    case pop = "POP"
    case pos = "POS"
    case ppd = "PPD"
    case rck = "RCK"
    case shr = "SHR"
    case tel = "TEL"
    case trc = "TRC"
    case trx = "TRX"
    case web = "WEB"
    case xck = "XCK"

    /// The class that a batch header names; nil where it names none.
    package init?(_ header: RecordView) { self.init(rawValue: header.text(51, 53)) }

    package var title: String {
        switch self {
        case .ack: "acknowledgment of a CCD payment"
        case .adv: "automated accounting advice"
        case .arc: "accounts receivable check"
        case .atx: "acknowledgment of a CTX payment"
        case .boc: "back office conversion of a check"
        case .ccd: "corporate credit or debit"
        case .cie: "customer initiated credit"
        case .cor: "notification of change"
        case .ctx: "corporate trade exchange"
        case .dne: "death notification"
        case .enr: "automated enrollment"
        case .iat: "international transaction"
        case .mte: "machine transfer"
        case .pop: "point of purchase check"
        case .pos: "point of sale"
        case .ppd: "prearranged payment or deposit"
        case .rck: "re-presented check"
        case .shr: "shared network point of sale"
        case .tel: "authorization by telephone"
        case .trc: "truncated check"
        case .trx: "truncated checks exchange"
        case .web: "authorization by internet"
        case .xck: "destroyed check"
        }
    }

    /// How the fields of its entries are laid out.
    package enum EntryForm: Sendable, CaseIterable {
        case standard
        /// Positions 40-54 are a check's serial number: ARC, BOC, RCK.
        case check
        /// Check serial, city and state of the terminal: POP.
        case pointOfPurchase
        /// Card expiry, document reference and card account: SHR.
        case sharedNetwork
        /// Name and identification number change places: CIE, MTE.
        case nameFirst
        /// Number of addenda and receiving company: ACK-free CTX, ATX and TRX.
        case exchange
        case international
        case advice
    }

    package var entryForm: EntryForm {
        switch self {
        case .arc, .boc, .rck: .check
        case .pop: .pointOfPurchase
        case .shr: .sharedNetwork
        case .cie, .mte: .nameFirst
        case .ctx, .atx, .trx: .exchange
        case .iat: .international
        case .adv: .advice
        case .ack, .ccd, .cor, .dne, .enr, .pos, .ppd, .tel, .trc, .web, .xck: .standard
        }
    }

    /// The only side that its forward entries may have; nil for both.
    package var onlySide: TransactionCode.Side? {
        switch self {
        case .arc, .boc, .pop, .rck, .tel, .trx, .xck: .debit
        case .ack, .atx, .cie, .dne, .enr: .credit
        case .adv, .ccd, .cor, .ctx, .iat, .mte, .pos, .ppd, .shr, .trc, .web: nil
        }
    }

    /// The addenda that a forward entry carries.
    package struct AddendaRule: Sendable, Hashable {
        /// The type of each: 2 (terminal), 5 (payment information), 98 (change); 0 for none, and for
        /// IAT, whose sequence of 10 to 18 has rules of its own.
        package var type: Int
        package var maximum: Int
        package var isMandatory: Bool
    }

    package var addenda: AddendaRule {
        switch self {
        case .ack, .ccd, .cie, .ppd, .web: AddendaRule(type: 5, maximum: 1, isMandatory: false)
        case .dne: AddendaRule(type: 5, maximum: 1, isMandatory: true)
        case .mte, .pos, .shr: AddendaRule(type: 2, maximum: 1, isMandatory: true)
        case .cor: AddendaRule(type: 98, maximum: 1, isMandatory: true)
        case .ctx, .atx: AddendaRule(type: 5, maximum: 9_999, isMandatory: false)
        case .enr, .trx: AddendaRule(type: 5, maximum: 9_999, isMandatory: true)
        case .arc, .boc, .pop, .rck, .tel, .trc, .xck, .adv:
            AddendaRule(type: 0, maximum: 0, isMandatory: false)
        case .iat: AddendaRule(type: 0, maximum: 14, isMandatory: true)
        }
    }

    /// Whether its entries move no money whatever their code: their amount is zero.
    package var isAlwaysZero: Bool {
        switch self {
        case .cor, .ack, .atx, .dne, .enr: true
        default: false
        }
    }

    /// Whether it may use the zero-dollar codes 24, 29, 34 and 39.
    package var takesZeroDollarCodes: Bool {
        switch self {
        case .ack, .atx, .ccd, .ctx, .iat: true
        default: false
        }
    }

    /// The largest amount of an entry in cents, where there is one below the field's width.
    package var ceilingMinorUnits: UInt64? {
        switch self {
        case .arc, .boc, .pop: 2_500_000
        case .rck, .xck: 250_000
        default: nil
        }
    }

    /// How much a receiver's name is wanted in an entry.
    package enum NameRule: Sendable {
        case required
        /// Blank is only warned of (design 3.7, end).
        case wanted
        case optional
    }

    package var name: NameRule {
        switch self {
        case .arc, .boc, .pop: .optional
        case .ccd, .ctx: .wanted
        default: .required
        }
    }

    /// The company entry description that it prescribes, if any.
    package var description: StaticString? {
        switch self {
        case .enr: "AUTOENROLL"
        case .rck: "REDEPCHECK"
        default: nil
        }
    }
}
