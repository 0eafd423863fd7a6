/// The parameters of a query, decoded, in their order; a name may stand more than once.
package struct QueryItems: Sendable, Equatable {
    package struct Item: Sendable, Equatable {
        package let name: String
        package let value: String
    }

    package static let maximumCount = 100

    package let items: [Item]

    package init(items: [Item] = []) { self.items = items }

    /// Nil where an escape does not give UTF-8 without controls, or there are too many parameters.
    package init?(_ query: String?) {
        guard let query, !query.isEmpty else {
            items = []
            return
        }
        var items: [Item] = []
        for part in query.split(separator: "&") {
            guard items.count < Self.maximumCount else { return nil }
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = pair.count > 1 ? pair[1] : ""
            guard let name = RequestTarget.decoded(pair[0], plusIsSpace: true),
                let value = RequestTarget.decoded(value, plusIsSpace: true)
            else { return nil }
            items.append(Item(name: name, value: value))
        }
        self.items = items
    }

    /// The first value of a parameter.
    package subscript(name: String) -> String? { items.first { $0.name == name }?.value }

    package func values(_ name: String) -> [String] {
        items.filter { $0.name == name }.map(\.value)
    }
}
