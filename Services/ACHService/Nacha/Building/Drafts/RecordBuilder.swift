/// Fills the fields of one record by name, and collects what does not fit.
struct RecordBuilder {
    private let layout: RecordLayout
    private var record = Record()
    private(set) var faults: [BuildingFault] = []

    /// A record of a kind with its constants written, the rest blank.
    init(_ kind: RecordKind) {
        guard let layout = kind.layout else {
            preconditionFailure("\(kind) is no record that can be written.")
        }
        self.layout = layout
        for field in layout.fields {
            if case .constant(let text) = field.content { record.write(text, field.from, field.to) }
        }
    }

    /// Writes a text left-justified: printable ASCII, no longer than the field.
    ///
    /// Where it is required it must not be blanks or zeros alone (design 3.7, end).
    mutating func text(_ name: String, _ value: String, isRequired: Bool = false) {
        let field = layout.field(name)
        if isRequired, value.utf8.allSatisfy({ $0 == Character.blank || $0 == Character.zero }) {
            faults.append(.valueMissing(field: name))
        } else if !value.utf8.allSatisfy(Character.printable.contains) {
            faults.append(.textNotPrintable(field: name, value: value))
        } else if value.utf8.count > field.length {
            faults.append(.textTooLong(field: name, value: value, limit: field.length))
        } else {
            record.write(value, field.from, field.to)
        }
    }

    /// Writes a text that must have a form, said in words for the one who gave it.
    mutating func text(
        _ name: String,
        _ value: String,
        form: String,
        isForm: (String.UTF8View) -> Bool
    ) {
        if isForm(value.utf8) {
            text(name, value)
        } else {
            faults.append(.wrongForm(field: name, value: value, form: form))
        }
    }

    /// Writes a number right-justified with zeros.
    mutating func number(_ name: String, _ value: UInt64) {
        let field = layout.field(name)
        let limit = (0..<field.length).reduce(1) { power, _ in power * 10 } - 1 as UInt64
        if value > limit {
            faults.append(.numberTooLarge(field: name, value: value, limit: limit))
        } else {
            record.write(value, field.from, field.to)
        }
    }

    /// Writes the bank that receives, with its check digit.
    mutating func receiver(_ bank: RoutingNumber) {
        number("receiving_dfi_identification", UInt64(bank.identification))
        number("check_digit", UInt64(bank.checkDigit))
    }

    /// Writes an account number: blanks dropped, hyphens kept, cut to its leftmost characters.
    ///
    /// Refuses one that is blank or zero (design 3.2 and 3.9).
    mutating func account(_ name: String, _ value: String) {
        let kept = value.utf8.filter { $0 != Character.blank }.prefix(layout.field(name).length)
        guard value.utf8.allSatisfy(Character.printable.contains) else {
            faults.append(.textNotPrintable(field: name, value: value))
            return
        }
        text(name, String(decoding: kept, as: UTF8.self), isRequired: true)
    }

    /// Writes a day as YYMMDD; one outside 1970 to 2069 would read back wrong and is refused.
    mutating func date(_ name: String, _ value: CivilDate) {
        guard let digits = value.yymmdd() else {
            faults.append(.wrongForm(field: name, value: value.iso, form: "a day of 1970 to 2069"))
            return
        }
        text(name, digits)
    }

    /// Writes a day of the year in three digits, 001 to 366.
    mutating func dayOfYear(_ name: String, _ value: Int) {
        guard (1...366).contains(value) else {
            faults.append(
                .wrongForm(field: name, value: "\(value)", form: "a day of the year, 1 to 366")
            )
            return
        }
        text(name, DecimalText.digits(UInt64(value), count: 3))
    }

    /// Notes a fault that the fields alone do not show.
    mutating func note(_ fault: BuildingFault) { faults.append(fault) }

    /// The record, or all that was wrong with it.
    func finished() throws(BuildingFaults) -> Record {
        guard faults.isEmpty else { throw BuildingFaults(faults) }
        return record
    }
}
