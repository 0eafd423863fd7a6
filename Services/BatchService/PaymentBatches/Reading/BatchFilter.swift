internal import BatchRules
internal import Dates
internal import JSON
internal import Protocol
internal import Storage

/// The filters of a list of batches, as conditions.
struct BatchFilter: Sendable {
    /// Values that one filter may name.
    static let maximumValues = 50

    private(set) var conditions: [String] = []
    private(set) var values: [SQLValue] = []

    enum Name: String, CaseIterable {
        case batchID = "batch_id"
        case kind, username, department
        case depositNumber = "deposit_number"
        case date, from, to, status
        case step = "life_cycle_step"
    }

    /// Reads filters by their names; values of one filter are alternatives.
    ///
    /// Throws `invalid` with every fault; an unknown filter names the known ones.
    init(_ filters: [String: [String]]) throws(RPCError) {
        var faults: [RPCError.Detail] = []
        for (name, texts) in filters.sorted(by: { $0.key < $1.key }) {
            guard let known = Name(rawValue: name) else {
                let names = Name.allCases.map(\.rawValue).joined(separator: ", ")
                faults.append(
                    RPCError.Detail(
                        field: JSONText.pointerStep(name),
                        code: "unknown_filter",
                        message: "The filters are \(names)."
                    )
                )
                continue
            }
            let found = texts.compactMap { Self.value($0, of: known) }
            guard found.count == texts.count, (1...Self.maximumValues).contains(found.count),
                found.count == 1 || !known.isBound
            else {
                faults.append(
                    RPCError.Detail(
                        field: JSONText.pointerStep(name),
                        code: "malformed",
                        message: known.form
                    )
                )
                continue
            }
            add(known, found)
        }
        guard faults.isEmpty else { throw RPCError.invalid(faults) }
        // Batches that were deleted are shown where they are asked for.
        let naming: [Name] = [.batchID, .status, .step]
        if !naming.contains(where: { filters[$0.rawValue] != nil }) {
            conditions.append("step > 0")
        }
    }

    private mutating func add(_ name: Name, _ found: [SQLValue]) {
        let first = values.count + 1
        values += found
        switch name {
        case .from: conditions.append("entry_date >= ?\(first)")
        case .to: conditions.append("entry_date <= ?\(first)")
        default:
            let places = (first..<first + found.count).map { "?\($0)" }
            conditions.append("\(name.column) IN (\(places.joined(separator: ",")))")
        }
    }

    private static func value(_ text: String, of name: Name) -> SQLValue? {
        switch name {
        case .batchID: Int64(text).map(SQLValue.integer)
        case .step: Int64(text).flatMap { [0, 10, 20, 30, 40].contains($0) ? .integer($0) : nil }
        case .date, .from, .to:
            CalendarDay(text: text).map { .integer(Int64($0.daysSince1970)) }
        case .kind: BatchKind(rawValue: text).map { .text($0.rawValue) }
        case .status: PaymentBatch.Status(rawValue: text).map { .text($0.rawValue) }
        case .username, .department, .depositNumber: .text(text)
        }
    }
}

extension BatchFilter.Name {
    fileprivate var column: String {
        switch self {
        case .batchID: "id"
        case .kind: "kind"
        case .username: "username"
        case .department: "department"
        case .depositNumber: "deposit_number"
        case .date, .from, .to: "entry_date"
        case .status: "status"
        case .step: "step"
        }
    }

    /// A bound has one value.
    fileprivate var isBound: Bool { self == .from || self == .to }

    fileprivate var form: String {
        switch self {
        case .batchID: "1 to \(BatchFilter.maximumValues) numbers of batches."
        case .kind: "payment or reversal."
        case .date: "Dates, YYYY-MM-DD."
        case .from, .to: "One date, YYYY-MM-DD."
        case .step: "0, 10, 20, 30 or 40."
        case .status:
            "One of " + PaymentBatch.Status.allCases.map(\.rawValue).joined(separator: ", ") + "."
        case .username, .department, .depositNumber:
            "1 to \(BatchFilter.maximumValues) texts."
        }
    }
}
