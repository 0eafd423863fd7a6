/// How a history is cut into pages (contract A1-22).
package enum PageRules {
    package static let sizes = 1...1_000
    package static let defaultSize = 100

    /// The size asked for; a fault where it is none.
    package static func size(_ text: String?) throws(FilterFault) -> Int? {
        guard let text else { return nil }
        guard let number = WrittenNumber(text)?.scaled(places: 0), let size = Int(exactly: number),
            sizes.contains(size)
        else {
            throw FilterFault(field: "pagesize", message: "A whole number from 1 to 1000.")
        }
        return size
    }

    /// Whether a continuation may be followed with the filters given beside it: none, or its own.
    package static func matches(
        _ point: ContinuationPoint,
        given parameters: [String: [String]]
    )
        -> Bool
    {
        parameters.isEmpty || parameters == point.parameters
    }
}
