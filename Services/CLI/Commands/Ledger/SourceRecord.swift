internal import JSON
internal import Protocol
/// A line of a sources file: who may submit for which source system, and its commit policy.
struct SourceRecord: Sendable, Hashable {
    let sourceName: String
    let account: String
    let commitPolicy: String

    static let policies = ["per_transaction", "all_or_nothing"]
    private static let columns = ["source_name", "account", "commit_policy"]

    /// Reads a whole file; every fault of it is named, and nothing is imported if there is one.
    static func read(
        _ bytes: [UInt8],
        format: ImportFile.Format
    ) throws(CommandFailure) -> [SourceRecord] {
        var faults: [String] = []
        let rows =
            switch format {
            case .csv: try csvRows(bytes)
            case .json: try jsonRows(bytes, faults: &faults)
            }
        let records = rows.compactMap { place, row in record(row, at: place, faults: &faults) }
        guard faults.isEmpty else {
            throw CommandFailure(.refused, "The sources file has faults:", details: faults)
        }
        return records
    }

    private typealias Row = (place: String, fields: [String: String])

    private static func csvRows(_ bytes: [UInt8]) throws(CommandFailure) -> [Row] {
        let csv: CSV
        do throws(CSV.Fault) {
            csv = try CSV(bytes)
        } catch {
            throw CommandFailure(.refused, "The sources file has a fault:", details: ["\(error)"])
        }
        let unknown = csv.columns.filter { !columns.contains($0) }
        guard unknown.isEmpty else {
            throw .refused(
                "Unknown columns \(unknown.joined(separator: ", ")): the columns are "
                    + columns.joined(separator: ", ") + "."
            )
        }
        return csv.records.map { record in
            let fields = columns.compactMap { name in
                csv.field(name, of: record).map { (name, $0) }
            }
            return ("line \(record.line)", Dictionary(uniqueKeysWithValues: fields))
        }
    }

    private static func jsonRows(
        _ bytes: [UInt8],
        faults: inout [String]
    ) throws(CommandFailure) -> [Row] {
        guard case .array(let elements)? = JSONNode(bytes) else {
            throw .refused("The sources file is not a JSON array of objects.")
        }
        for (index, element) in elements.enumerated() {
            guard case .object(let members) = element else { continue }
            for member in members where !columns.contains(member.key) {
                faults.append("/\(index): \(member.key) is not known")
            }
        }
        return elements.enumerated().map { index, element in
            let fields = columns.compactMap { name in element[name].map { (name, $0.cell) } }
            return ("/\(index)", Dictionary(uniqueKeysWithValues: fields))
        }
    }

    private static func record(
        _ row: [String: String],
        at place: String,
        faults: inout [String]
    ) -> SourceRecord? {
        let before = faults.count
        for name in ["source_name", "account"] where row[name, default: ""].isEmpty {
            faults.append("\(place): \(name) is missing; every source needs one")
        }
        var policy = row["commit_policy", default: ""]
        if policy.isEmpty { policy = "per_transaction" }
        if !policies.contains(policy) {
            faults.append(
                "\(place): commit_policy \(policy): give per_transaction or all_or_nothing"
            )
        }
        guard faults.count == before, let name = row["source_name"], let account = row["account"]
        else { return nil }
        return SourceRecord(sourceName: name, account: account, commitPolicy: policy)
    }

    /// The parameters of `auth.sources.put`.
    var body: JSONNode {
        JSONNode(members: [
            ("source_name", .string(sourceName)), ("account", .string(account)),
            ("commit_policy", .string(commitPolicy)),
        ])
    }
}
