import Nacha

/// What the tests of comparison share.
enum ComparisonSample {
    private typealias Sample = TransformSample

    static func sample() throws -> NachaFile {
        try Sample.file([
            Sample.batch(
                .ppd,
                [
                    Sample.entry(27, 100, 1), Sample.entry(27, 200, 2, account: "22"),
                    Sample.entry(27, 300, 3, account: "33", addenda: [.payment("A")]),
                ]
            ),
            Sample.batch(
                .ccd,
                company: "TOWN",
                [Sample.entry(22, 400, 4, .ccd), Sample.entry(22, 500, 5, .ccd, account: "55")]
            ),
        ])
    }

    /// A difference in short: subject, change, places, weight.
    static func short(_ difference: FileDifference) -> String {
        let change =
            switch difference.change {
            case .added: "added"
            case .removed: "removed"
            case .moved: "moved"
            case .changed(let change): "\(change.field) \(change.old)>\(change.new)"
            }
        let lines = [difference.old, difference.new].map { $0.map { "\($0.line)" } ?? "-" }
        return "\(difference.subject.rawValue) \(change) \(lines.joined(separator: ":"))"
    }

    static func meanings(_ comparison: FileComparison) -> [String] {
        comparison.differences.filter { $0.weight == .meaning }.map(short)
    }
}
