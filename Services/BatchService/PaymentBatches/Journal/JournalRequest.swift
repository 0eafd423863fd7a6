internal import Dates
internal import JSON
internal import Protocol

/// What is asked of a journal run.
struct JournalRequest: Sendable, Equatable {
    /// Batches of one run.
    static let maximumBatches = 1_000

    var batchIDs: [Int64]
    var isProof: Bool
    /// Days since 1970; nil: the newest entry date of the batches.
    var glEffectiveDate: Int64?
    var overridesPeriod: Bool

    /// Throws `invalid` with every fault.
    init(_ body: [UInt8]) throws(RPCError) {
        var fields = try FieldReader.reading(body)
        batchIDs = Self.batchIDs(&fields)
        isProof = fields.boolean("proof") ?? false
        glEffectiveDate = fields.day("gl_effective_date").map { Int64($0.daysSince1970) }
        overridesPeriod = fields.boolean("override_period") ?? false
        try fields.finish()
    }

    private static func batchIDs(_ fields: inout FieldReader) -> [Int64] {
        let name = "batch_ids"
        guard let node = fields.node(name, required: true) else { return [] }
        guard case .array(let elements) = node else {
            fields.fail(name, "wrong_type", "\(name) is an array of batch numbers.")
            return []
        }
        guard (1...maximumBatches).contains(elements.count) else {
            fields.fail(
                name,
                "out_of_range",
                "\(name) names 1 to \(maximumBatches) batches; it names \(elements.count)."
            )
            return []
        }
        var ids: [Int64] = []
        var seen: Set<Int64> = []
        for (place, element) in elements.enumerated() {
            guard case .number(let text) = element, let id = Int64(text), id > 0 else {
                fields.fail(
                    name,
                    "wrong_type",
                    "Element \(place) of \(name) is no whole number above zero."
                )
                continue
            }
            guard seen.insert(id).inserted else {
                fields.fail(name, "repeated", "Batch \(id) stands twice in \(name).")
                continue
            }
            ids.append(id)
        }
        return ids
    }
}
